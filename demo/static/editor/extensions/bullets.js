import { list } from "editor/extensions/list.js";

export const bullets = list("ul", "insertUnorderedList", {
  name: "bullets", title: "Bullets", sign: "•", key: "Mod-Shift-8", markdown: /^[-*]$/,
});

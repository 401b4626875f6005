import { list } from "editor/extensions/list.js";

export const numbers = list("ol", "insertOrderedList", {
  name: "numbers", title: "Numbers", sign: "1.", key: "Mod-Shift-7", markdown: /^1\.$/,
});

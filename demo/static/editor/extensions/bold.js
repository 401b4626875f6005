import { mark } from "editor/extensions/mark.js";

export const bold = mark("b", "bold", {
  name: "bold", title: "Bold", sign: "B", key: "Mod-b", markdown: /\*\*([^*]+)\*\*$/,
});

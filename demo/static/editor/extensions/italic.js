import { mark } from "editor/extensions/mark.js";

export const italic = mark("i", "italic", {
  name: "italic", title: "Italic", sign: "I", key: "Mod-i", markdown: /(?<![*\w])[*_]([^*_]+)[*_]$/,
});

import { around } from "editor/dom/blocks.js";

export const indent = {
  name: "indent", title: "Indent", sign: "⇥", key: "tab",
  isPossible: () => around("li") !== null,
  run: () => document.execCommand("indent"),
};

import { around } from "editor/dom/blocks.js";

export const outdent = {
  name: "outdent", title: "Outdent", sign: "⇤", key: "Shift-tab",
  isPossible: () => around("li li, ul ul li, ol ol li, ul ol li, ol ul li") !== null,
  run: () => document.execCommand("outdent"),
};

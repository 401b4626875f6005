import { around } from "editor/dom/blocks.js";
import { caret } from "editor/dom/caret.js";
import { put } from "editor/dom/put.js";

// No browser has a command for it.
export const code = {
  name: "code", title: "Code", sign: "<>", key: "Mod-e", markdown: /`([^`]+)`$/,
  isActive: () => around("code") !== null,
  run() {
    const element = around("code");
    if (element) element.replaceWith(...element.childNodes);
    else if (!caret().collapsed) put("code", caret().toString());
  },
  replace: ([, inner]) => put("code", inner, "\u00a0"),
};

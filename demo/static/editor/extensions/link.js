import { around } from "editor/dom/blocks.js";
import { caret } from "editor/dom/caret.js";

const SAFE = /^(https?:|mailto:|[/#])/i;

export const link = {
  name: "link", title: "Link", sign: "↗", key: "Mod-k",
  isActive: () => around("a") !== null,
  run() {
    const element = around("a");
    if (element) return element.replaceWith(...element.childNodes);
    const address = caret().collapsed ? null : prompt("Address", "https://");
    if (address && SAFE.test(address)) document.execCommand("createLink", false, address);
  },
};

import { caret } from "editor/dom/caret.js";

const BLOCKS = "p, h1, h2, li, blockquote, pre";

/** The nearest element around the caret that a selector matches, within the page. */
export function around(selector) {
  const node = caret()?.startContainer;
  const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const found = element?.closest(selector);
  return found?.closest("[contenteditable]") ? found : null;
}

export const block = () => around(BLOCKS);

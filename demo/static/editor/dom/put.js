import { caret, select } from "editor/dom/caret.js";
import { make } from "editor/dom/make.js";

/** Put an element with a text in the place of what is selected, and go on behind it, after a blank if there is one. */
export function put(tag, text, blank = "") {
  const range = caret();
  range.deleteContents();
  const behind = document.createTextNode(blank);
  range.insertNode(behind);
  range.insertNode(make(tag, {}, text));
  range.setStart(behind, blank.length);
  range.collapse(true);
  select(range);
}

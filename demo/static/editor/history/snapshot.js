import { caret, select } from "editor/dom/caret.js";
import { nodeAt, pathTo } from "editor/dom/paths.js";

/** The content of an element, and what is selected in it. */
export class Snapshot {
  constructor(page) {
    page.normalize(); // as it will be when it is parsed
    this.html = page.innerHTML;
    const range = caret();
    if (!range || !page.contains(range.commonAncestorContainer)) return;
    this.start = [pathTo(range.startContainer, page), range.startOffset];
    this.end = [pathTo(range.endContainer, page), range.endOffset];
  }

  isOf(page) {
    return page.innerHTML === this.html;
  }

  restore(page) {
    page.innerHTML = this.html;
    if (!this.start) return;
    const range = document.createRange();
    range.setStart(nodeAt(this.start[0], page), this.start[1]);
    range.setEnd(nodeAt(this.end[0], page), this.end[1]);
    select(range);
  }
}

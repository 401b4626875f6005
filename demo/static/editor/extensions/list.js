import { around } from "editor/dom/blocks.js";
import { caret, select } from "editor/dom/caret.js";

/** An extension for a kind of list. */
export function list(tag, command, about) {
  const run = () => {
    document.execCommand(command);
    lift(around("ul, ol"));
  };
  const replace = () => {
    document.execCommand("delete");
    run();
  };
  return { ...about, isActive: () => around("ul, ol")?.localName === tag, run, replace };
}

// Chromium makes a list inside of the paragraph, where HTML has none.
function lift(made) {
  const paragraph = made?.parentElement;
  if (!paragraph?.matches("p")) return;
  const { startContainer, startOffset, endContainer, endOffset } = caret();
  paragraph.replaceWith(...paragraph.childNodes);
  const range = document.createRange();
  range.setStart(startContainer, startOffset);
  range.setEnd(endContainer, endOffset);
  select(range);
}

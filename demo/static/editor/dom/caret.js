/** The selected range, or null. */
export function caret() {
  const selection = getSelection();
  return selection.rangeCount ? selection.getRangeAt(0) : null;
}

export function select(range) {
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/** The range of as many characters before the caret, if they are in one text. */
export function before(length) {
  const { startContainer: node, startOffset: end } = caret();
  if (node.nodeType !== Node.TEXT_NODE || end < length) return null;
  const range = document.createRange();
  range.setStart(node, end - length);
  range.setEnd(node, end);
  return range;
}

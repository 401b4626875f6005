/** The way from an element down to a node: which child, and which of its children. */
export function pathTo(node, root) {
  const path = [];
  for (let each = node; each !== root; each = each.parentNode) {
    path.unshift([...each.parentNode.childNodes].indexOf(each));
  }
  return path;
}

export const nodeAt = (path, root) => path.reduce((node, place) => node?.childNodes[place], root) ?? root;

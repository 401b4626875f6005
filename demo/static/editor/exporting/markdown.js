import { inline } from "editor/exporting/inline.js";

const PREFIXES = { h1: "# ", h2: "## ", blockquote: "> " };

/** The Markdown of what a page holds. */
export const markdownOf = (page) => [...page.children].map(written).filter(Boolean).join("\n\n") + "\n";

function written(block) {
  if (block.matches("ul, ol")) return items(block, "");
  if (block.matches("hr")) return "---";
  if (block.matches("pre")) return `\`\`\`\n${block.innerText.trimEnd()}\n\`\`\``;
  return (PREFIXES[block.localName] ?? "") + inline(block).trim();
}

function items(list, space) {
  const lines = [];
  let number = 1;
  for (const item of list.children) {
    if (item.matches("ul, ol")) lines.push(items(item, `${space}  `));
    else lines.push(`${space}${list.matches("ol") ? `${number++}.` : "-"} ${inline(item).trim()}`);
    for (const inner of item.querySelectorAll(":scope > ul, :scope > ol")) lines.push(items(inner, `${space}  `));
  }
  return lines.join("\n");
}

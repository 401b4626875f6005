import { block } from "editor/extensions/block.js";

export const quote = block("blockquote", {
  name: "quote", title: "Quote", sign: "”", key: "Mod-Shift-9", markdown: /^>$/,
});

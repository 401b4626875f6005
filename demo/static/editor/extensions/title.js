import { block } from "editor/extensions/block.js";

export const title = block("h1", { name: "title", title: "Title", sign: "H1", key: "Mod-Alt-1", markdown: /^#$/ });

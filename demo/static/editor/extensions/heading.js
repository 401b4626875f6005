import { block } from "editor/extensions/block.js";

export const heading = block("h2", {
  name: "heading", title: "Heading", sign: "H2", key: "Mod-Alt-2", markdown: /^##$/,
});

import { block } from "editor/extensions/block.js";

export const preformatted = block("pre", {
  name: "preformatted", title: "Lines of code", sign: "{ }", markdown: /^```$/,
});

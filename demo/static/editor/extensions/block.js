import { around } from "editor/dom/blocks.js";

/** An extension for a kind of paragraph; its Markdown stands where the paragraph begins. */
export function block(tag, about) {
  const isActive = () => around(tag) !== null;
  const run = () => document.execCommand("formatBlock", false, isActive() ? "<p>" : `<${tag}>`);
  const replace = () => {
    document.execCommand("delete");
    run();
  };
  return { ...about, isActive, run, replace };
}

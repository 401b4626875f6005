import { put } from "editor/dom/put.js";

/** An extension for a format of letters; its Markdown becomes an element with what stands between the signs. */
export function mark(tag, command, about) {
  return {
    ...about,
    isActive: () => document.queryCommandState(command),
    run: () => document.execCommand(command),
    replace: ([, inner]) => put(tag, inner, "\u00a0"),
  };
}

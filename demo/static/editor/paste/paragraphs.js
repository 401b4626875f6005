import { escape } from "editor/dom/escape.js";

/** The HTML of a text whose paragraphs are apart by empty lines. */
export const paragraphs = (text) =>
  text
    .split(/(?:\r?\n){2,}/)
    .map((each) => `<p>${escape(each.trim()).replace(/\r?\n/g, "<br>")}</p>`)
    .join("");

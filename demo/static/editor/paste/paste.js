import { paragraphs } from "editor/paste/paragraphs.js";

/** What is pasted comes without the formats of other pages. */
export function addPaste(editor) {
  editor.page.addEventListener("paste", (event) => {
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    editor.change(() => {
      if (text.includes("\n")) document.execCommand("insertHTML", false, paragraphs(text));
      else document.execCommand("insertText", false, text);
    });
  });
}

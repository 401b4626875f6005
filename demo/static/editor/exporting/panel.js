import { make } from "editor/dom/make.js";

/** A button that shows the text as Markdown. What writes that is loaded when it is first wanted. */
export function addExport(editor, room) {
  const button = make("button", { type: "button", className: "export" }, "As Markdown");
  const output = make("pre", { className: "markdown", hidden: true });
  room.append(button, output);
  button.addEventListener("click", async () => {
    const { markdownOf } = await import("editor/exporting/markdown.js");
    output.textContent = markdownOf(editor.page);
    output.hidden = false;
  });
}

import { make } from "editor/dom/make.js";
import { shown } from "editor/keys/chord.js";

/** The button of an extension, and how to show its state. */
export function button(editor, extension) {
  const title = extension.key ? `${extension.title} (${shown(extension.key)})` : extension.title;
  const element = make("button", { type: "button", title, ariaLabel: extension.title }, extension.sign);
  element.dataset.name = extension.name;
  element.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays
  element.addEventListener("click", () => {
    if (extension.isPossible?.(editor) !== false) editor.run(extension.name);
  });
  const show = () => {
    if (extension.isActive) element.ariaPressed = String(extension.isActive());
    if (extension.isPossible) element.ariaDisabled = String(!extension.isPossible(editor));
  };
  return { element, show };
}

import { make } from "editor/dom/make.js";
import { button } from "editor/toolbar/button.js";
import { rove } from "editor/toolbar/rove.js";

/** A button for each extension, pressed where the caret is in what it makes. */
export function addToolbar(editor, room) {
  const buttons = [...editor.extensions.values()].map((extension) => button(editor, extension));
  const bar = make("div", { className: "bar", role: "toolbar", ariaLabel: "Format" });
  bar.append(...buttons.map((each) => each.element));
  room.prepend(bar);
  rove(bar);
  const show = () => buttons.forEach((each) => each.show());
  editor.on("select", show);
  editor.on("change", show);
  show();
}

import { chordOf } from "editor/keys/chord.js";

/** Runs the extension whose key is pressed. */
export function addKeymap(editor) {
  const byKey = new Map();
  for (const extension of editor.extensions.values()) byKey.set(extension.key, extension);
  editor.page.addEventListener("keydown", (event) => {
    const extension = byKey.get(chordOf(event));
    if (!extension || extension.isPossible?.(editor) === false) return;
    event.preventDefault();
    editor.run(extension.name);
  });
}

export const undo = {
  name: "undo", title: "Undo", sign: "↶", key: "Mod-z",
  isPossible: (editor) => editor.history.canUndo,
  run: (editor) => editor.history.undo(),
};

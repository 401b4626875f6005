export const redo = {
  name: "redo", title: "Redo", sign: "↷", key: "Mod-Shift-z",
  isPossible: (editor) => editor.history.canRedo,
  run: (editor) => editor.history.redo(),
};

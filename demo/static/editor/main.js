// Starts the editor in its room: the page to write on, and around it what the features add.
import { Editor } from "editor/editor.js";
import { addExport } from "editor/exporting/panel.js";
import { extensions } from "editor/extensions/all.js";
import { addHistory } from "editor/history/history.js";
import { addKeymap } from "editor/keys/keymap.js";
import { addPaste } from "editor/paste/paste.js";
import { addShortcuts } from "editor/shortcuts/shortcuts.js";
import { addStatus } from "editor/status/status.js";
import { addToolbar } from "editor/toolbar/toolbar.js";

const room = document.getElementById("editor");
const editor = new Editor(room.querySelector(".sheet"), extensions);
for (const add of [addHistory, addKeymap, addShortcuts, addPaste, addToolbar, addStatus, addExport]) add(editor, room);
performance.mark("editor-ready");

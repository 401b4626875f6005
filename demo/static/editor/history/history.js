import { Snapshot } from "editor/history/snapshot.js";
import { Stack } from "editor/history/stack.js";

const PAUSE_MS = 500;

/** The states of the page: those before, that of now, and those that were undone. */
class History {
  #past = new Stack();
  #future = new Stack();
  #present;
  #page;

  constructor(page) {
    this.#page = page;
    this.#present = new Snapshot(page);
  }

  get canUndo() {
    return this.#past.size > 0 || !this.#present.isOf(this.#page);
  }

  get canRedo() {
    return this.#future.size > 0;
  }

  record() {
    const now = new Snapshot(this.#page);
    if (now.html !== this.#present.html) {
      this.#past.push(this.#present);
      this.#future.clear();
    }
    this.#present = now;
  }

  undo() {
    this.record();
    this.#move(this.#past, this.#future);
  }

  redo() {
    this.#move(this.#future, this.#past);
  }

  #move(from, to) {
    if (!from.size) return;
    to.push(this.#present);
    this.#present = from.pop();
    this.#present.restore(this.#page);
  }
}

/** Each command is a step to undo, and so is what is typed without a pause. */
export function addHistory(editor) {
  const history = (editor.history = new History(editor.page));
  let pause = 0;
  editor.on("before", () => history.record());
  editor.on("change", (cause) => {
    clearTimeout(pause);
    if (cause === "command") history.record();
    else pause = setTimeout(() => history.record(), PAUSE_MS);
  });
  // The menus of browsers.
  editor.page.addEventListener("beforeinput", (event) => {
    const name = { historyUndo: "undo", historyRedo: "redo" }[event.inputType];
    if (!name) return;
    event.preventDefault();
    editor.run(name);
  });
}

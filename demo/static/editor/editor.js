import { Listeners } from "editor/listeners.js";

/** An element that can be edited, and the commands that its extensions bring. */
export class Editor extends Listeners {
  constructor(page, extensions) {
    super();
    this.page = page;
    this.extensions = new Map(extensions.map((extension) => [extension.name, extension]));
    page.contentEditable = "true";
    document.execCommand("defaultParagraphSeparator", false, "p");
    page.addEventListener("input", () => this.emit("change", "typing"));
    document.addEventListener("selectionchange", () => this.emit("select"));
  }

  run(name) {
    this.page.focus();
    this.change(() => this.extensions.get(name).run(this));
  }

  /** Do what is one step for undo. */
  change(act) {
    this.emit("before");
    act();
    this.emit("change", "command");
  }
}

import { make } from "editor/dom/make.js";
import { minutes } from "editor/status/minutes.js";
import { wordsIn } from "editor/status/words.js";

/** The number of words, and how long they take to read. */
export function addStatus(editor, room) {
  const line = make("p", { className: "status" });
  room.append(line);
  const show = () => {
    const words = wordsIn(editor.page.innerText);
    line.textContent = `${words} ${words === 1 ? "word" : "words"}, ${minutes(words)}`;
  };
  editor.on("change", show);
  show();
}

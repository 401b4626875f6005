import { block } from "editor/dom/blocks.js";
import { before, caret, select } from "editor/dom/caret.js";
import { typography } from "editor/shortcuts/typography.js";

/** Before a blank, Markdown becomes what it means: `## `, `- `, `**bold** `. */
export function addShortcuts(editor) {
  const rules = [...editor.extensions.values(), ...typography].filter((each) => each.markdown);
  editor.page.addEventListener("beforeinput", (event) => {
    const within = block();
    if (event.inputType !== "insertText" || event.data !== " " || !caret().collapsed || !within) return;
    if (within.matches("pre")) return;
    const written = caret().cloneRange();
    written.setStart(within, 0);
    for (const rule of rules) {
      const match = rule.markdown.exec(written.toString().trimStart());
      const range = match && before(match[0].length);
      if (!range) continue;
      event.preventDefault();
      editor.change(() => {
        select(range);
        rule.replace(match);
      });
      return;
    }
  });
}

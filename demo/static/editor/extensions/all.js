// In the order of the toolbar.
import { bold } from "editor/extensions/bold.js";
import { bullets } from "editor/extensions/bullets.js";
import { clear } from "editor/extensions/clear.js";
import { code } from "editor/extensions/code.js";
import { heading } from "editor/extensions/heading.js";
import { indent } from "editor/extensions/indent.js";
import { italic } from "editor/extensions/italic.js";
import { link } from "editor/extensions/link.js";
import { numbers } from "editor/extensions/numbers.js";
import { outdent } from "editor/extensions/outdent.js";
import { preformatted } from "editor/extensions/preformatted.js";
import { quote } from "editor/extensions/quote.js";
import { redo } from "editor/extensions/redo.js";
import { rule } from "editor/extensions/rule.js";
import { strike } from "editor/extensions/strike.js";
import { title } from "editor/extensions/title.js";
import { underline } from "editor/extensions/underline.js";
import { undo } from "editor/extensions/undo.js";

export const extensions = [
  undo, redo, bold, italic, underline, strike, code, link, title, heading, quote, preformatted,
  bullets, numbers, indent, outdent, rule, clear,
];

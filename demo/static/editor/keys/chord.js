import { isMac } from "editor/keys/platform.js";

/** The name of what is pressed, such as "Mod-Shift-7": Mod is the Mac's ⌘, and Ctrl elsewhere. */
export function chordOf(event) {
  const key = event.code.startsWith("Digit") ? event.code.slice(5) : event.key.toLowerCase();
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  return [isMod && "Mod", event.altKey && "Alt", event.shiftKey && "Shift", key].filter(Boolean).join("-");
}

/** The chord as its keyboard has it. */
export const shown = (chord) =>
  chord
    .replace("Mod", isMac ? "⌘" : "Ctrl")
    .replace("Shift", isMac ? "⇧" : "Shift")
    .replaceAll("-", isMac ? "" : "+")
    .replace(/[a-z]$/, (letter) => letter.toUpperCase());

import { mark } from "editor/extensions/mark.js";

export const strike = mark("s", "strikeThrough", {
  name: "strike", title: "Strike out", sign: "S", key: "Mod-Shift-x", markdown: /~~([^~]+)~~$/,
});

import { mark } from "editor/extensions/mark.js";

export const underline = mark("u", "underline", { name: "underline", title: "Underline", sign: "U", key: "Mod-u" });

export const clear = {
  name: "clear", title: "Plain text", sign: "⌫", key: "Mod-\\",
  run() {
    document.execCommand("removeFormat");
    document.execCommand("formatBlock", false, "<p>");
  },
};

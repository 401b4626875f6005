export const rule = {
  name: "rule", title: "Line across", sign: "―", markdown: /^---$/,
  run: () => document.execCommand("insertHorizontalRule"),
  replace() {
    document.execCommand("delete");
    document.execCommand("insertHorizontalRule");
  },
};

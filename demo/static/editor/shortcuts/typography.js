const becomes = (markdown, sign) => ({
  markdown,
  replace: () => document.execCommand("insertText", false, `${sign} `),
});

/** What typewriters have no keys for. */
export const typography = [
  becomes(/(?<!-)--$/, "–"),
  becomes(/\.\.\.$/, "…"),
  becomes(/->$/, "→"),
  becomes(/\(c\)$/, "©"),
];

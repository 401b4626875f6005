const SIGNS = { b: "**", strong: "**", i: "*", em: "*", s: "~~", strike: "~~", code: "`" };

/** The Markdown of the texts in an element, without the lists in it. */
export const inline = (element) =>
  [...element.childNodes]
    .map((node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\u00a0/g, " ");
      if (node.matches("ul, ol")) return "";
      if (node.matches("br")) return "\n";
      if (node.matches("a")) return `[${inline(node)}](${node.href})`;
      const sign = SIGNS[node.localName] ?? "";
      return sign + inline(node) + sign;
    })
    .join("");

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter("en", { granularity: "word" }) : null;

/** The number of words in a text. */
export function wordsIn(text) {
  if (!segmenter) return text.split(/\s+/).filter(Boolean).length;
  return [...segmenter.segment(text)].filter((each) => each.isWordLike).length;
}

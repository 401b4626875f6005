const WORDS_A_MINUTE = 230;

/** The time that it takes to read as many words. */
export function minutes(words) {
  const whole = Math.round(words / WORDS_A_MINUTE);
  return whole < 1 ? "less than a minute to read" : `${whole} min to read`;
}

/** One stop for the tab key; the arrow keys go from button to button. */
export function rove(bar) {
  const buttons = [...bar.children];
  buttons.forEach((each, place) => (each.tabIndex = place ? -1 : 0));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const place = buttons.indexOf(document.activeElement);
    const next = buttons[(place + step + buttons.length) % buttons.length];
    buttons[place].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

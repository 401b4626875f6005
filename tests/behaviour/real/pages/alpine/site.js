dayjs.extend(window.dayjs_plugin_relativeTime);
document.addEventListener('alpine:init', () => {
  Alpine.data('counter', () => ({
    count: 3,
    items: ['a', dayjs('2026-02-14').from(dayjs('2026-02-10'))],
    init() { this.add(); },
    add() { this.count++; },
  }));
});

document.addEventListener('DOMContentLoaded', () => {
  const burgers = Array.from(document.querySelectorAll('.navbar-burger'));
  burgers.forEach(burger => {
    burger.addEventListener('click', () => document.getElementById(burger.dataset.target).classList.toggle('is-active'));
  });
  burgers[0].click();
  new ClipboardJS('.button');
  Cookies.set('seen', 'yes');
  document.getElementById('time').textContent = dayjs('2026-02-14').format('D MMMM YYYY') + Cookies.get('seen');
});

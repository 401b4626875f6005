const labels = [0, 1, 2].map(month => moment.utc('2026-01-01').add(month, 'months').format('MMM'));
new Chart(document.getElementById('sales'), {
  type: 'bar',
  data: { labels, datasets: [{ label: 'Sold', data: [12, 19, 3], backgroundColor: ['#f66', '#66f', '#fc6'] }] },
  options: { animation: false, responsive: false },
});
new Chartist.LineChart('.ct-chart', { labels, series: [[5, 2, 4], [1, 3, 2]] }, { fullWidth: true });

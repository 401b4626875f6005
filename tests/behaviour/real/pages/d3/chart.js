function drawBars(selector, values) {
  var width = 420, height = 200;
  var x = d3.scaleBand().domain(d3.range(values.length)).range([0, width]).padding(0.1);
  var y = d3.scaleLinear().domain([0, d3.max(values)]).nice().range([height, 0]);
  var svg = d3.select(selector).append('svg').attr('width', width + 40).attr('height', height + 40)
    .append('g').attr('transform', 'translate(30,10)');
  svg.append('g').call(d3.axisLeft(y));
  svg.append('g').attr('transform', 'translate(0,' + height + ')').call(d3.axisBottom(x));
  svg.append('g').selectAll('rect').data(values).enter().append('rect').attr('class', 'bar')
    .attr('x', function (d, i) { return x(i); }).attr('y', y)
    .attr('width', x.bandwidth()).attr('height', function (d) { return height - y(d); });
}

drawBars('#chart', _.map([4, 8, 15, 16, 23, 42], function (value) { return value * 2; }));

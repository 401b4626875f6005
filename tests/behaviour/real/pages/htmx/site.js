document.body.addEventListener('htmx:afterSwap', function (event) {
  event.target.insertAdjacentHTML('beforeend', Mustache.render('<p>{{count}} rows</p>', { count: event.target.querySelectorAll('li').length }));
});
htmx.config.includeIndicatorStyles = true;

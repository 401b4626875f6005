(function ($) {
  'use strict';
  $('#hint').popover({ animation: false }).popover('show');
  $('#menu').dropdown('toggle');
  $('#slides').carousel({ interval: false }).carousel(1);
})(jQuery);

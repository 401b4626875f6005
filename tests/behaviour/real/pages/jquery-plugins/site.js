jQuery(function ($) {
  $('.slides').slick({ dots: true, speed: 0, slidesToShow: 2, useCSS: false });
  $('.owl-carousel').owlCarousel({ items: 2, nav: true, smartSpeed: 0 });
  $('.popup').magnificPopup({ type: 'inline', removalDelay: 0 });
  $('#form').validate({ rules: { mail: { required: true, email: true }, age: { max: 120 } } }).form();
  $.cookie('visited', '1');
  lightbox.option({ resizeDuration: 0, fadeDuration: 0 });
});

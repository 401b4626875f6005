$(document).ready(function () {
  $('.single').select2({ language: 'de' });
  $('.single').select2('open');
});

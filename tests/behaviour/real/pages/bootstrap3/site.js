$(function () {
  $('[data-toggle="tooltip"]').tooltip({ animation: false }).tooltip('show');
  $('#tabs a:last').tab('show');
  $('#date').datepicker({ autoclose: true, todayHighlight: false });
});

// The demo's own script, for both pages: starts the widgets that a page has and says which libraries it found.
(function ($) {
  "use strict";

  // "A-104 … 2050" -> 2050
  function sheets() {
    return Number($(this).find("td").last().text().replace(/[^\d]/g, ""));
  }

  function sum(a, b) {
    return a + b;
  }

  function startSelects() {
    $(".app-select").select2({ language: "fr" });
    return "Select2";
  }

  function startCalendar() {
    var $calendar = $("#calendar").datepicker({ format: "dd/mm/yyyy", language: "fr", weekStart: 1 });
    function show() {
      // The third argument of formatDate names the language: "14 août 2014".
      var day = $calendar.datepicker("getUTCDate");
      $("#delivery").text($.fn.datepicker.DPGlobal.formatDate(day, "d MM yyyy", "fr"));
    }
    $calendar.on("changeDate", show);
    show();
    return "Bootstrap Datepicker";
  }

  function highlight() {
    window.prettyPrint();
    return "prettify";
  }

  $(function () {
    var found = [`jQuery ${$.fn.jquery}`, `Bootstrap ${$.fn.tooltip.Constructor.VERSION}`];
    if ($.fn.select2) found.push(startSelects());
    if ($.fn.datepicker) found.push(startCalendar());
    if (window.prettyPrint) found.push(highlight());

    $("#orders-total").text($("#orders tbody tr").map(sheets).get().reduce(sum, 0));
    $("#app-status").text(`Running: ${found.join(", ")}.`);
    document.documentElement.setAttribute("data-ready", "true");
  });
})(jQuery);

var availableTags = ["ActionScript", "AppleScript", "Asp", "BASIC"];
$("#autocomplete").autocomplete({ source: availableTags });
$("#dialog").dialog({ width: 300, position: { my: "left top", at: "left+600 top+300", of: window } });
$("#datepicker").datepicker({ defaultDate: new Date(2026, 1, 14) });
$("#slider").slider({ range: true, values: [17, 67] });
$("#progressbar").progressbar({ value: 20 });
$("#selectmenu").selectmenu();

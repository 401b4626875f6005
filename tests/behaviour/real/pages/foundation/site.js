$(document).foundation()
$('#tabs').foundation('selectTab', 'panel2')

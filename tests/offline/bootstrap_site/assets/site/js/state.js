// What site.js shows: which of the scripts before it have run.
var state = [typeof bootstrap, typeof jQuery];

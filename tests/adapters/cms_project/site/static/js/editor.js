var editor = 1;

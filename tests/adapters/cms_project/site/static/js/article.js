var article = 1;

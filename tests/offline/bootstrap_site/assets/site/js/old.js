document.createElement("main");

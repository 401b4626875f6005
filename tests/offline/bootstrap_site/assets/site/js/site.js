document.querySelector(".state").textContent = state.concat(bootstrap.Alert.VERSION).join(", ");
document.querySelector(".more").classList.add("btn-lg");

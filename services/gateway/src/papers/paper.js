// The button of a paper opens the browser's print dialog; without script the browser's own command does.
const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A button with data-print opens the browser's own print. Without a printer in the browser it stays away.
(() => {
  if (typeof window.print !== "function") return;
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();

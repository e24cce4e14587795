// "Leave this site": a click on [data-quick-exit], or Shift pressed three times, blanks the page at once and
// replaces it in the history. Coming back to it with the browser's Back button stays blank and leaves again.
// Words that a composer kept on this device (draft.js) go with it, and so they do with signing out (form[data-forget]).
// Loaded without `defer`, so that it also works while a page is still arriving.
(() => {
  const WITHIN_MS = 1500;
  const MARK = "left-this-site";
  const LEAVE = "/leave/";
  let presses = [];

  const remember = (on) => {
    try {
      if (on) sessionStorage.setItem(MARK, "1");
      else sessionStorage.removeItem(MARK);
    } catch { /* storage is switched off: leaving works all the same */ }
  };
  const hasLeft = () => {
    try { return sessionStorage.getItem(MARK) === "1"; } catch { return false; }
  };

  const forget = () => {
    document.dispatchEvent(new Event("words:forget"));
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("words:")) localStorage.removeItem(key);
    } catch { /* storage is switched off: nothing is there */ }
  };

  const leave = () => {
    document.title = " ";
    document.documentElement.replaceChildren();
    remember(true);
    window.stop();
    forget();
    location.replace(LEAVE);
  };

  const arrivedByHistory = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (hasLeft() && arrivedByHistory) leave();
  else remember(false);

  addEventListener("pageshow", (event) => {
    if (event.persisted && hasLeft()) leave();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-quick-exit]")) return;
    event.preventDefault();
    leave();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget]")) forget();
  });

  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) {
      presses = [];
      return;
    }
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at <= WITHIN_MS);
    if (presses.length >= 3) leave();
  });
})();

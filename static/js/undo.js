// [data-undo="seconds left"]: shows how many are left beside the button, and takes the button away when it is too late.
// Only the end is announced; nobody is counted down aloud.
(() => {
  for (const box of document.querySelectorAll("[data-undo]")) {
    const ends = Date.now() + Number(box.dataset.undo) * 1000;
    const left = box.querySelector("[data-undo-left]");
    const tick = () => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      left.hidden = seconds <= 0;
      left.textContent = `${seconds} s`;
      if (seconds > 0) return;
      clearInterval(timer);
      box.querySelector("form").hidden = true;
      box.querySelector("[data-undo-before]").hidden = true;
      box.querySelector("[data-undo-after]").hidden = false;
    };
    const timer = setInterval(tick, 1000);
    tick();
  }
})();

// A step with data-timer="N" (minutes): offers a timer that says now and then how much is left, and at the end that
// the time is over. It makes no sound, shows no seconds and asks for nothing. Without JavaScript the step names its time.
(() => {
  const attach = (step) => {
    if (step.dataset.timing) return;
    step.dataset.timing = "yes";
    const { start, stop, over, left } = step.dataset;
    const button = document.createElement("button");
    const said = document.createElement("span");
    button.type = "button";
    button.className = "btn btn-secondary";
    button.textContent = start;
    said.setAttribute("role", "status");
    step.append(" ", button, " ", said);
    let end = 0;
    let next;

    const rest = () => {
      clearTimeout(next);
      end = 0;
      button.textContent = start;
    };
    // Looks at the clock: a phone that slept meanwhile has not stopped it.
    const look = () => {
      const minutes = Math.ceil((end - Date.now()) / 60000);
      if (minutes <= 0) {
        rest();
        said.textContent = over;
        return;
      }
      said.textContent = left.replace("%s", minutes.toLocaleString(document.documentElement.lang));
      next = setTimeout(look, Math.max(500, end - Date.now() - (minutes - 1) * 60000));
    };
    button.addEventListener("click", () => {
      if (end) {
        rest();
        said.textContent = "";
        return;
      }
      end = Date.now() + Number(step.dataset.timer) * 60000;
      button.textContent = stop;
      look();
    });
  };
  document.querySelectorAll("[data-timer]").forEach(attach);
})();

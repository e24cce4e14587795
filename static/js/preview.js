// form[data-preview]: its Preview button shows the words as a post would, below the buttons, and keeps up with typing
// until it is pressed again. Without this script the button brings a page with the preview on it.
(() => {
  const PAUSE_MS = 700;
  const { away } = document.currentScript.dataset;
  const form = document.querySelector("form[data-preview]");
  const button = form?.querySelector("[name=preview]");
  const region = form?.querySelector("[data-preview-region]");
  if (!button || !region) return;
  let pause, asked;

  const draw = async () => {
    asked?.abort();
    asked = new AbortController();
    const { csrfmiddlewaretoken, body } = form.elements;
    const words = new URLSearchParams({ csrfmiddlewaretoken: csrfmiddlewaretoken.value, body: body.value });
    try {
      const answer = await fetch(form.dataset.preview, {
        method: "POST", body: words, redirect: "manual", signal: asked.signal,
      });
      if (![200, 422].includes(answer.status)) throw new Error(answer.status);
      region.innerHTML = await answer.text();
    } catch (error) {
      if (error.name !== "AbortError") region.textContent = away;
    }
  };

  const open = (on) => {
    region.hidden = !on;
    button.setAttribute("aria-expanded", on);
    if (on) draw();
  };

  button.setAttribute("aria-controls", region.id);
  button.setAttribute("aria-expanded", !region.hidden);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    open(region.hidden);
  });
  form.elements.body.addEventListener("input", () => {
    clearTimeout(pause);
    if (!region.hidden) pause = setTimeout(draw, PAUSE_MS);
  });
})();

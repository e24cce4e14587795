// A field with data-count="N": how many characters are left, counted as the server counts them, by code point.
// Far from the limit it is silent for screen readers; near the limit it speaks after a pause in typing.
(() => {
  const PAUSE_MS = 900;
  const { countLeft, countLeftOne, countOver, countOverOne } = document.currentScript.dataset;
  // The server keeps the words in this form, so this is what it counts.
  const characters = (text) => [...text.normalize("NFC").trim()].length;

  const attach = (field) => {
    if (field.dataset.counting) return;
    field.dataset.counting = "yes";
    const max = Number(field.dataset.count);
    const near = Math.max(20, Math.min(500, Math.round(max / 10)));
    const counter = document.createElement("p");
    const seen = document.createElement("span");
    const heard = document.createElement("span");
    counter.className = "count";
    seen.setAttribute("aria-hidden", "true");
    heard.className = "visually-hidden";
    heard.setAttribute("aria-live", "polite");
    counter.append(seen, heard);
    field.after(counter);
    let pause;

    const say = () => {
      const left = max - characters(field.value);
      const number = Math.abs(left).toLocaleString(document.documentElement.lang);
      const [one, many] = left < 0 ? [countOverOne, countOver] : [countLeftOne, countLeft];
      const text = Math.abs(left) === 1 ? one : many.replace("%s", number);
      seen.textContent = text;
      counter.classList.toggle("count-near", left >= 0 && left <= near);
      counter.classList.toggle("count-over", left < 0);
      clearTimeout(pause);
      pause = setTimeout(() => { heard.textContent = left <= near ? text : ""; }, PAUSE_MS);
    };
    field.addEventListener("input", say);
    say();
  };

  const attachAll = () => document.querySelectorAll("[data-count]").forEach(attach);
  attachAll();
  document.addEventListener("htmx:afterSettle", attachAll);
})();

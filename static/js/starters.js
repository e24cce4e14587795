// [data-starters]: a phrase goes in where the cursor stands. Of several groups only that of the chosen support type shows.
(() => {
  const starters = document.querySelector("[data-starters]");
  const form = starters?.closest("form");
  if (!form) return;
  const words = form.elements.body;
  const groups = starters.querySelectorAll("[data-starters-for]");

  const narrow = () => {
    const chosen = form.elements.support_type?.value;
    for (const group of groups) group.hidden = Boolean(chosen) && group.dataset.startersFor !== chosen;
  };

  starters.addEventListener("click", (event) => {
    const button = event.target.closest("[name=starter]");
    if (!button) return;
    event.preventDefault();
    const phrase = `${button.textContent.replace(/\s*…$/, "")} `;
    const before = words.value.slice(0, words.selectionStart);
    words.setRangeText((/\S$/.test(before) ? " " : "") + phrase, words.selectionStart, words.selectionEnd, "end");
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  });
  if (groups.length > 1) form.addEventListener("change", narrow);
  narrow();
})();

// form[data-submit-once]: a second press while the first is on its way does nothing. The form comes back to life
// when the page is shown again, when htmx has its answer, or after a while if nothing came.
(() => {
  const GIVE_UP_MS = 15000;

  const release = (form) => {
    delete form.dataset.submitting;
    for (const button of form.querySelectorAll("[data-held]")) {
      button.disabled = false;
      delete button.dataset.held;
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-submit-once]")) return;
    if (form.dataset.submitting) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-submit-once]")) return;
    if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
    form.dataset.submitting = "yes";
    // Later, because a button that is disabled now would not send its name and value.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not(:disabled), [type=submit]:not(:disabled)")) {
        button.disabled = true;
        button.dataset.held = "yes";
      }
    });
    setTimeout(() => release(form), GIVE_UP_MS);
  });

  const releaseAll = () => document.querySelectorAll("form[data-submit-once]").forEach(release);
  addEventListener("pageshow", releaseAll);
  document.addEventListener("htmx:afterRequest", releaseAll);
})();

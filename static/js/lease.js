// form[data-lease]: renews the claim every few minutes while its page is looked at. Without this script its button does.
(() => {
  const EVERY_MS = 4 * 60 * 1000;
  const { away } = document.currentScript.dataset;
  const form = document.querySelector("form[data-lease]");
  const shown = document.querySelector("[data-lease-shown]");
  if (!form || !shown) return;
  let renewed = Date.now();
  let timer;

  const renew = async () => {
    if (document.hidden) return;
    renewed = Date.now();
    const words = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: words, headers: { "X-Lease": "1" }, redirect: "manual",
      });
      if (![200, 409].includes(answer.status)) throw new Error(answer.status);
      shown.innerHTML = await answer.text();
      if (answer.status !== 409) return;
      clearInterval(timer);
      shown.setAttribute("role", "alert");
    } catch {
      shown.textContent = away;
    }
  };

  timer = setInterval(renew, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - renewed >= EVERY_MS) renew();
  });
})();

// [data-queue-news]: every half minute, while the page is looked at, how many cases wait and whether the queue is still as
// it is shown. What is new is told, with a link; nothing moves by itself. Without this script a reload does.
(() => {
  const EVERY_MS = 30000;
  const region = document.querySelector("[data-queue-news]");
  if (!region) return;
  const shown = region.innerHTML;
  let told = shown;
  let asked = Date.now();

  const ask = async () => {
    if (document.hidden) return;
    asked = Date.now();
    try {
      const answer = await fetch(region.dataset.queueNews, { redirect: "manual" });
      const news = answer.status === 200 ? await answer.text() : shown;
      if (![200, 204].includes(answer.status) || news === told || region.contains(document.activeElement)) return;
      region.innerHTML = told = news;
    } catch { /* away for a moment: the next time */ }
  };

  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - asked >= EVERY_MS) ask();
  });
})();

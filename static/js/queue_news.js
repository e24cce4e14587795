// [data-queue-news]: every half minute, while the page is looked at, how many cases wait and whether the queue is still as
// it is shown. What is new is told, with a link; nothing moves by itself. While it gets no answer it asks less and less
// often. Without this script a reload does.
(() => {
  const EVERY_MS = 30000;
  const MOST_MS = 8 * EVERY_MS;
  const region = document.querySelector("[data-queue-news]");
  if (!region) return;
  const shown = region.innerHTML;
  let told = shown;
  let asked = Date.now();
  let pause = EVERY_MS;
  let timer = 0;

  const ask = async () => {
    clearTimeout(timer);
    // Whoever comes back to the page asks at once, where it is time.
    if (document.hidden) return;
    asked = Date.now();
    try {
      const answer = await fetch(region.dataset.queueNews, { redirect: "manual" });
      if (![200, 204].includes(answer.status)) throw new Error(answer.status);
      const news = answer.status === 200 ? await answer.text() : shown;
      pause = EVERY_MS;
      if (news === told || region.contains(document.activeElement)) return;
      region.innerHTML = told = news;
    } catch {
      pause = Math.min(pause * 2, MOST_MS);
    } finally {
      timer = setTimeout(ask, pause);
    }
  };

  timer = setTimeout(ask, EVERY_MS);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - asked >= pause) ask();
  });
})();

// [data-news-mark]: at most once a minute, while the page is looked at and the device is online, whether anything is new.
// The mark on each [data-news] link goes on or out, and the first time it goes on is said. After an error it asks less and
// less often; once nobody is signed in any more, never again. Without this script the next page shows the mark.
(() => {
  const EVERY_MS = 60000;
  const MOST_MS = 30 * EVERY_MS;
  const region = document.querySelector("[data-news-mark]");
  if (!region) return;
  const links = [...document.querySelectorAll("[data-news]")];
  let lit = links.some((link) => link.querySelector(".news-dot"));
  let said = lit;
  let pause = EVERY_MS;
  let asked = Date.now();
  let timer = 0;
  let over = false;

  const make = (name, words) => Object.assign(document.createElement("span"), { className: name, textContent: words });

  const show = (on) => {
    if (on === lit) return;
    lit = on;
    for (const link of links) {
      for (const part of link.querySelectorAll("span")) part.remove();
      if (on) link.append(make("news-dot", ""), make("visually-hidden", ` ${region.dataset.word}`));
    }
    region.textContent = on && !said ? region.dataset.said : "";
    said ||= on;
  };

  const ask = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(region.dataset.newsMark, { redirect: "manual", cache: "no-store" });
      over = answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status);
      if (!over && ![200, 204].includes(answer.status)) throw new Error("later");
      if (!over) show(answer.status === 200);
      pause = EVERY_MS;
    } catch {
      pause = Math.min(pause * 2, MOST_MS);
    }
    plan();
  };

  const plan = () => {
    clearTimeout(timer);
    if (over || document.hidden || !navigator.onLine) return;
    timer = setTimeout(ask, Math.max(0, asked + pause - Date.now()));
  };

  document.addEventListener("visibilitychange", plan);
  addEventListener("online", plan);
  addEventListener("offline", plan);
  plan();
})();

// form[data-edit-copy]: what is typed into an edit is kept on this device until it is saved, for the version of the post
// that it was made from. Opened again, the form has it; over a later version it stands beside the form instead.
// "Leave it as it is" ([data-edit-leave]) drops it, and so do signing out and "Leave this site" (quick_exit.js).
// The page that a saved edit leads to has no such form, and drops what was sent from there.
(() => {
  const KEEP_MS = 400;
  const WEEK_MS = 7 * 24 * 3600 * 1000;
  // Of another shape than the names of drafts, so that draft.js sends none of these anywhere.
  const ALL = "words:edit:";
  const say = document.currentScript.dataset;
  const form = document.querySelector("form[data-edit-copy]");

  const kept = () => {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(ALL)).map((key) => [key, JSON.parse(localStorage[key])]);
    } catch {
      return [];
    }
  };
  const drop = (key) => {
    try { localStorage.removeItem(key); } catch { /* nothing can be there */ }
  };
  if (!form) {
    const from = document.referrer && new URL(document.referrer).pathname;
    for (const [key, copy] of kept()) if (copy.sent && key.endsWith(`:${from}`)) drop(key);
    return;
  }

  const line = form.querySelector("[data-copy-status]");
  const { body, title, version, writer } = form.elements;
  const mine = `${ALL}${writer.value}:${form.dataset.editCopy}`;
  const now = () => ({ version: version.value, body: body.value, title: title?.value ?? "" });
  const same = (one, other) => ["body", "title"].every((name) => one[name].trim() === other[name].trim());
  const show = (text) => { if (line.textContent !== text) line.textContent = text; };
  const stored = now();
  // Whether the form came with words that the server has not saved.
  let unsaved = false;
  let keeping;
  let forgotten = false;
  let leaving = false;

  const keep = ({ sent = false } = {}) => {
    clearTimeout(keeping);
    if (forgotten) return;
    if (same(now(), stored) && !unsaved && !sent) {
      drop(mine);
      show("");
      return;
    }
    try {
      localStorage.setItem(mine, JSON.stringify({ ...now(), at: Date.now(), sent }));
      show(say.kept);
    } catch {
      show(say.unkept);
    }
  };

  const beside = (words) => {
    const made = document.createElement("div");
    const lead = document.createElement("p");
    const area = document.createElement("textarea");
    made.className = "draft-newer";
    made.dataset.otherWords = "";
    lead.textContent = say.before;
    Object.assign(area, { className: "form-control", rows: 5, readOnly: true, value: words, dir: "auto" });
    area.setAttribute("aria-label", say.before);
    made.append(lead, area);
    line.after(made);
  };

  for (const [key, copy] of kept()) {
    if (Date.now() - copy.at > WEEK_MS) {
      drop(key);
    } else if (key === mine && same(copy, stored)) {
      // What was sent and is made from the same version still came back unsaved, with a word about why.
      unsaved = copy.version === stored.version;
      keep();
    } else if (key === mine && copy.version === stored.version) {
      body.value = copy.body;
      if (title) title.value = copy.title;
      body.dispatchEvent(new Event("input", { bubbles: true }));
      show(say.back);
    } else if (key === mine) {
      beside(copy.body);
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP_MS);
  });
  form.addEventListener("submit", () => {
    keep({ sent: true });
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });
  form.querySelector("[data-edit-leave]")?.addEventListener("click", () => {
    forgotten = true;
    clearTimeout(keeping);
    drop(mine);
  });
  addEventListener("pagehide", () => { if (!leaving) keep(); });
  document.addEventListener("words:forget", () => { forgotten = true; });
})();

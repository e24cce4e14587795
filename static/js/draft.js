// form[data-draft]: what is typed is saved on the server a moment after typing stops, and kept on this device until the
// server says that it has it. "Saved" stands there only while that is so. Each save names the one that it builds on
// (the field `sequence`), so a stale tab overwrites nothing: the server answers with the newer words, and the person
// chooses. What is kept here belongs to one member and goes with signing out and with "Leave this site" (quick_exit.js).
(() => {
  const PAUSE_MS = 2500;
  const AT_MOST_MS = 5000;
  const KEEP_MS = 400;
  const LATER_MS = 20000;
  const ALONE_MS = 30000;
  const WEEK_MS = 7 * 24 * 3600 * 1000;
  const ALL = "words:";
  const MARKS = ["csrfmiddlewaretoken", "writer", "sequence", "submission", "seen", "announced", "asked", "country"];

  const say = document.currentScript.dataset;
  const form = document.querySelector("form[data-draft]");
  const line = form?.querySelector("[data-draft-status]");
  if (!form || !line) return;
  const { body, title, writer, sequence, submission } = form.elements;
  const url = form.dataset.draft;
  const mine = `${ALL}${writer.value}:`;

  // --- what stands in the form

  const told = (pairs) => [...pairs].filter(([name]) => !MARKS.includes(name));
  const typed = () => JSON.stringify(told(new FormData(form)));
  const blank = () => !body.value.trim() && !title?.value.trim();
  const packed = () => new URLSearchParams(new FormData(form));

  const fill = (pairs) => {
    for (const field of form.elements) {
      if (!field.name || MARKS.includes(field.name) || field.type === "submit") continue;
      const values = pairs.filter(([name]) => name === field.name).map(([, value]) => String(value));
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = values.includes(field.value) || values.includes("true");
      } else {
        field.value = values[0] ?? "";
      }
    }
  };
  const flat = (fields) => Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));

  const refreshed = () => {
    body.dispatchEvent(new Event("input", { bubbles: true }));
    form.dispatchEvent(new Event("change"));
  };

  // What the server has; null where nobody knows, because the form has words that did not come from there.
  const untouched = body.value === body.defaultValue;
  let confirmed = untouched && ("draftKept" in form.dataset || blank()) ? typed() : null;
  // Whether there is something to save. A quotation that nobody has answered yet is not worth a draft.
  let dirty = confirmed === null && !(untouched && "draftQuoted" in form.dataset);
  let busy = false;
  // While there is a choice to make, nothing is sent.
  let stopped = Boolean(form.querySelector("[data-newer]"));
  let leaving = false;
  let forgotten = false;
  let trouble = false;
  let keeping, pause, deadline;

  // --- what the line says. Aloud only when it is something else than before, not "Saved" every few seconds.

  const heard = document.createElement("span");
  heard.className = "visually-hidden";
  heard.setAttribute("role", "status");
  line.after(heard);
  let spoken = "";
  let hush;

  const link = (href, text) => {
    const made = document.createElement("a");
    Object.assign(made, { href, textContent: text, target: "_blank", rel: "noopener" });
    return made;
  };
  const show = (text, { quiet = false, more = [] } = {}) => {
    line.replaceChildren(text, ...more.flatMap((part) => [" ", part]));
    if (quiet || text === spoken) return;
    spoken = text;
    heard.textContent = text;
    clearTimeout(hush);
    hush = setTimeout(() => { heard.textContent = ""; }, 5000);
  };
  const saved = (at) => {
    show(say.saved);
    if (at) line.append(` ${at}`);
  };

  // --- on this device

  const tab = (() => {
    try {
      return sessionStorage["words-tab"] ??= Math.random().toString(36);
    } catch {
      return "";
    }
  })();
  const keep = () => {
    clearTimeout(keeping);
    if (forgotten || !form.isConnected) return false;
    try {
      const words = packed();
      words.delete("csrfmiddlewaretoken");
      words.delete("writer");
      localStorage.setItem(mine + url, JSON.stringify({ at: Date.now(), tab, words: words.toString() }));
      return true;
    } catch {
      return false;
    }
  };
  const drop = (key = mine + url) => {
    clearTimeout(keeping);
    try { localStorage.removeItem(key); } catch { /* nothing can be there */ }
  };

  // --- to the server

  const renew = async () => {
    const answer = await fetch(say.who, { redirect: "manual" });
    if (answer.type === "opaqueredirect") return { out: true };
    const now = await answer.json();
    if (now.writer !== writer.value) return { other: true };
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.token;
    return now;
  };

  const send = async (words, { to = url, last = false, again = false } = {}) => {
    try {
      const answer = await fetch(to, { method: "POST", body: words, redirect: "manual", keepalive: last });
      if (answer.type === "opaqueredirect" || answer.status === 401) return { out: true };
      if (answer.status === 403 && !again) {
        const now = await renew();
        if (!now.token) return now;
        words.set("csrfmiddlewaretoken", now.token);
        return send(words, { to, last, again: true });
      }
      return answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    } catch {
      return {};
    }
  };

  const plan = () => {
    if (stopped || leaving) return;
    clearTimeout(pause);
    pause = setTimeout(save, trouble ? LATER_MS : PAUSE_MS);
    if (!trouble) deadline ??= setTimeout(save, AT_MOST_MS);
  };
  const unplan = () => {
    clearTimeout(pause);
    clearTimeout(deadline);
    deadline = undefined;
  };

  const save = async ({ last = false } = {}) => {
    unplan();
    const now = typed();
    if (!dirty || busy || stopped || leaving) return;
    busy = true;
    const answer = await send(packed(), { last });
    busy = false;
    if ("sequence" in answer && !answer.stale) took(answer, now);
    else refused(answer);
  };

  const took = (answer, now) => {
    trouble = false;
    sequence.value = answer.sequence;
    if (answer.posted) {
      // Whoever types on here writes something new, under a mark of its own.
      submission.value = answer.submission;
      confirmed = typed();
      dirty = false;
      drop();
      show(say.posted);
      return;
    }
    confirmed = now;
    if (typed() === now) {
      dirty = false;
      drop();
      if (answer.saved) saved(answer.saved);
      else show("");
    } else {
      changed();
    }
    if (answer.newer) tell(answer.newer_at);
  };

  const refused = (answer) => {
    if (leaving) return;
    const kept = keep();
    trouble = true;
    if (answer.stale) {
      compare(answer);
    } else if (answer.other) {
      stopped = true;
      show(say.other);
    } else if (answer.problem) {
      show(answer.problem);
    } else if (answer.out) {
      show(say.out, { more: [link(say.login, say.signIn)] });
    } else {
      show(kept ? say.kept : say.unkept);
    }
    if (!answer.problem) plan();
  };

  const changed = () => {
    dirty = typed() !== confirmed;
    if (!dirty) {
      unplan();
      drop();
      return;
    }
    clearTimeout(keeping);
    if (!trouble && !stopped) show("", { quiet: true });
    keeping = setTimeout(() => {
      const kept = keep();
      if (!trouble && !stopped) show(kept ? say.kept : say.unkept, { quiet: true });
    }, KEEP_MS);
    plan();
  };

  // --- other words, and who chooses

  const box = (sentence, words, buttons) => {
    form.querySelector("[data-other-words]")?.remove();
    const made = document.createElement("div");
    const lead = document.createElement("p");
    const area = document.createElement("textarea");
    const row = document.createElement("div");
    made.className = "draft-newer";
    made.dataset.otherWords = "";
    lead.textContent = sentence;
    row.className = "actions";
    Object.assign(area, { className: "form-control", rows: 5, readOnly: true, value: words, dir: "auto" });
    area.setAttribute("aria-label", sentence);
    for (const [text, look, press] of buttons) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: `btn ${look}`, textContent: text, onclick: press });
      row.append(button);
    }
    made.append(lead, area, row);
    line.after(made);
    return made;
  };

  const compare = (newer) => {
    stopped = true;
    show("");
    const choose = (build) => {
      stopped = trouble = false;
      sequence.value = newer.sequence;
      build();
      body.focus();
    };
    const load = () => choose(() => {
      const before = body.value;
      fill(flat(newer.fields));
      confirmed = typed();
      refreshed();
      dirty = false;
      saved();
      box(say.before, before, []);
    });
    const keepMine = () => choose(() => {
      made.remove();
      confirmed = null;
      dirty = true;
      save();
    });
    const made = box(say.stale, newer.fields.body, [[say.mine, "btn-secondary", keepMine], [say.load, "btn-quiet", load]]);
    heard.textContent = say.stale;
  };

  const tell = (where) => {
    if (form.querySelector("[data-news]")) return;
    const news = document.createElement("p");
    news.className = "draft-news";
    news.dataset.news = "";
    news.setAttribute("role", "status");
    heard.after(news);
    news.append(say.news, " ", link(where, say.read));
  };

  // --- what an earlier page could not send. The server judges: perhaps it was posted since, or is no longer the newest.

  const bring = async (key, words) => {
    const here = key === mine + url;
    const before = typed();
    const answers = form.elements.reply_to?.value;
    if (here && confirmed === null) {
      const old = words.get("body") ?? "";
      if (old.trim() && !body.value.startsWith(old.trim()) && !old.startsWith(body.value.trim())) box(say.before, old, []);
      return;
    }
    for (const name of ["csrfmiddlewaretoken", "writer"]) words.set(name, form.elements[name].value);
    const answer = await send(words, { to: key.slice(mine.length) });
    if ("sequence" in answer && !answer.stale) drop(key);
    if (!here || answer.posted || typed() !== before || !told(words).some(([, value]) => value.trim())) return;
    fill([...words]);
    submission.value = words.get("submission") ?? submission.value;
    refreshed();
    const accepted = "sequence" in answer && !answer.stale;
    if (accepted) took(answer, typed());
    // Whoever opened this page to answer a certain post answers that one, whatever the words were begun for.
    if (answers) form.elements.reply_to.value = answers;
    dirty = typed() !== confirmed;
    if (!accepted) {
      dirty = true;
      refused(answer);
      return;
    }
    if (dirty) plan();
    show(say.back);
  };

  const copies = () => {
    try {
      return Object.entries(localStorage).filter(([key]) => key.startsWith(ALL));
    } catch {
      return [];
    }
  };
  const start = async () => {
    if (dirty) plan();
    for (const [key, copy] of copies()) {
      let found = {};
      try { found = JSON.parse(copy); } catch { /* not ours */ }
      const age = Date.now() - (found.at ?? 0);
      if (age > WEEK_MS) drop(key);
      // In another tab somebody may be typing it right now.
      else if (key.startsWith(mine) && (found.tab === tab || age > ALONE_MS)) await bring(key, new URLSearchParams(found.words));
    }
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.querySelector(".form-actions [name=save]")?.addEventListener("click", (event) => {
    if (stopped) return;
    event.preventDefault();
    trouble = false;
    dirty = typed() !== confirmed;
    if (dirty) save();
    else if (!blank()) saved();
  });
  form.addEventListener("submit", () => {
    unplan();
    leaving = true;
    setTimeout(() => {
      leaving = false;
      if (dirty) plan();
    }, 15000);
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("pagehide", () => save({ last: true }));
  addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save({ last: true });
    else if (trouble) save();
  });
  document.addEventListener("words:forget", () => {
    save({ last: true });
    forgotten = true;
  });
  start();
})();

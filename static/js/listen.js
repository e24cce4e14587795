// Reads a page aloud, when somebody presses the button and not before. Only with a voice of the device itself: others
// would send the words to somebody else's server. Without one the button stays away.
(() => {
  const speech = window.speechSynthesis;
  const button = document.querySelector("[data-listen]");
  const stop = document.querySelector("[data-listen-stop]");
  if (!speech || !window.SpeechSynthesisUtterance || !button || !stop) return;
  const language = document.documentElement.lang || "en";
  const begin = button.textContent;
  let voice = null;
  let left = [];
  let state = "silent";

  const find = () => {
    const own = speech.getVoices().filter((one) => one.localService);
    const near = (one) => one.lang.replace("_", "-").toLowerCase();
    voice = own.find((one) => near(one) === language.toLowerCase())
      ?? own.find((one) => near(one).split("-")[0] === language.split("-")[0].toLowerCase()) ?? null;
    button.hidden = voice === null;
  };

  const show = (now) => {
    state = now;
    button.textContent = { silent: begin, speaking: button.dataset.pause, paused: button.dataset.goOn }[now];
    stop.hidden = now === "silent";
  };

  const words = () => [...document.querySelectorAll(`${button.dataset.listen} :is(h1, h2, h3, h4, p, li, dt, dd)`)]
    .filter((part) => !part.closest(".no-print, nav, form, [hidden]") && !part.querySelector("p, li"))
    .map((part) => part.textContent.trim()).filter(Boolean);

  // A paragraph at a time: some browsers fall silent in the middle of long ones.
  const next = () => {
    if (state !== "speaking") return;
    const part = left.shift();
    if (part === undefined) { show("silent"); return; }
    const said = new SpeechSynthesisUtterance(part);
    said.voice = voice;
    said.lang = voice.lang;
    said.onend = next;
    said.onerror = () => { if (state === "speaking") show("silent"); };
    speech.speak(said);
  };

  const hush = () => { left = []; show("silent"); speech.cancel(); };

  button.addEventListener("click", () => {
    if (state === "speaking") { show("paused"); speech.pause(); return; }
    if (state === "paused") { show("speaking"); speech.resume(); return; }
    left = words();
    show("speaking");
    next();
  });
  stop.addEventListener("click", () => { hush(); button.focus(); });
  // A voice must not go on when somebody has left the page, in a hurry perhaps.
  window.addEventListener("pagehide", hush);
  find();
  speech.addEventListener?.("voiceschanged", find);
})();

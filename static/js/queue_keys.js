// Keys for the review queue: [data-row] is a case in a list, [data-key="c"] is what a key presses, ticks or goes to,
// in the row that has the focus or else outside all rows. Everything they do has a link or a button of its own.
(() => {
  const SWITCH = "queue-keys-off";
  const OTHERS = { c: 'form[action$="/claim/"] [type="submit"]', u: 'form[action*="/undo/"] [type="submit"]' };
  const help = document.getElementById("keys");
  const off = help?.querySelector("[data-keys-off]");
  if (!help) return;

  const isOff = () => {
    try { return localStorage.getItem(SWITCH) === "yes"; } catch { return false; }
  };
  const showSwitch = () => off.setAttribute("aria-pressed", isOff());

  const row = () => document.activeElement?.closest("[data-row]");
  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const now = rows.indexOf(row());
    const next = rows[now < 0 ? (step > 0 ? 0 : rows.length - 1) : now + step];
    next?.querySelector("a").focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  const find = (key) => {
    const here = row()?.querySelector(`[data-key="${key}"]`);
    if (here) return here;
    const elsewhere = [...document.querySelectorAll(`[data-key="${key}"]`)].find((each) => !each.closest("[data-row]"));
    return elsewhere ?? (key in OTHERS ? document.querySelector(OTHERS[key]) : null);
  };

  const press = (key) => {
    const link = row()?.querySelector("a");
    if (key === "d" && link) return location.assign(`${link.href}#decide`);
    const target = find(key);
    if (!target) return;
    if (target.matches("button, a, [type=checkbox]")) target.click();
    else target.focus();
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => row()?.querySelector("a").click(),
    "?": () => help.togglePopover(),
  };
  for (const key of "cdunx") keys[key] = () => press(key);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return;
    if (event.target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])")) return;
    if (isOff() || !(event.key in keys) || (event.key !== "?" && help.matches(":popover-open"))) return;
    event.preventDefault();
    keys[event.key]();
  });

  off.addEventListener("click", () => {
    try { localStorage.setItem(SWITCH, isOff() ? "no" : "yes"); } catch { /* kept nowhere: they stay on */ }
    showSwitch();
  });
  document.querySelector("[data-keys-open]").hidden = false;
  showSwitch();
})();

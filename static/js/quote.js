// a[data-quote="5"]: words that are selected in post 5 go into the reply below as a quotation. With nothing selected, or
// on a page without a reply box, the link leads to the reply page with the whole post quoted.
(() => {
  const { wrote } = document.currentScript.dataset;
  const form = document.querySelector("form[data-draft]");
  const words = form?.elements.body;
  if (!words) return;
  // Pressing a link ends the selection on some phones, so the last one is remembered.
  let chosen = { text: "", post: null };

  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const ends = [selection.anchorNode, selection.focusNode];
    const [text, other] = ends.map((node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(".post-text"));
    if (!selection.isCollapsed && text && text === other) chosen = { text: selection.toString().trim(), post: text.closest(".post") };
  });
  // A press anywhere else than on the way to the link means that it is over.
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest?.("[data-quote], summary")) chosen = { text: "", post: null };
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-quote]");
    const post = link?.closest(".post");
    if (!chosen.text || post !== chosen.post || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const name = post.querySelector(".post-author")?.textContent.trim() ?? "";
    const lines = [wrote.replace("%s", name), "", ...chosen.text.split("\n")];
    const quoted = `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
    const before = words.value.slice(0, words.selectionStart).trimEnd();
    words.setRangeText((before ? "\n\n" : "") + quoted, before.length, words.selectionEnd, "end");
    const { reply_to: answers } = form.elements;
    if (answers && !answers.value) answers.value = link.dataset.quote;
    chosen = { text: "", post: null };
    getSelection().removeAllRanges();
    link.closest("details")?.removeAttribute("open");
    words.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  });
})();

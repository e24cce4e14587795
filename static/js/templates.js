// [data-template-for="id of a field"]: its button adds the chosen words to the field. Without this script the form comes
// back with them.
document.addEventListener("click", (event) => {
  const picker = event.target.closest?.('[data-template-for] [name="add_template"]')?.closest("[data-template-for]");
  const field = picker && document.getElementById(picker.dataset.templateFor);
  if (!field) return;
  event.preventDefault();
  const { text } = picker.querySelector("option:checked").dataset;
  if (!text) return;
  field.value = [field.value.trim(), text].filter(Boolean).join("\n\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

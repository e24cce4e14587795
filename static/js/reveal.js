// input[data-reveal]: a button below it shows what is typed, and hides it again. Before the form is sent it is hidden, so
// that no browser keeps a password among what was written in other fields.
(() => {
  const { show, hide } = document.currentScript.dataset;
  for (const field of document.querySelectorAll("input[data-reveal]")) {
    const button = document.createElement("button");
    const turn = (shown) => {
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? hide : show;
    };
    button.type = "button";
    button.className = "btn btn-quiet reveal";
    button.setAttribute("aria-controls", field.id);
    turn(false);
    button.addEventListener("click", () => turn(field.type === "password"));
    field.form?.addEventListener("submit", () => turn(false));
    field.after(button);
  }
})();

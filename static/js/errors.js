// A refused form is announced: focus goes to its summary, and from there to the field.

function focusSummary(root) {
  root.querySelector("[data-error-summary]")?.focus();
}

focusSummary(document);
document.addEventListener("htmx:after:swap", () => focusSummary(document));

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) {
    return;
  }
  event.preventDefault();
  field.closest(".field")?.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

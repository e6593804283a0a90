// Reviewing a batch by keyboard: j next, k back, i include, x leave out.
// Keys act while no field has focus and single keys are switched on (keys.js).

const form = document.querySelector("[data-batch]");

if (form) {
  const reviews = [...form.querySelectorAll("[data-review]")];
  const count = form.querySelector("[data-included]");
  const box = (review) => review.querySelector("input[type=checkbox]");
  const here = () => reviews.findIndex((review) => review.contains(document.activeElement));
  const tell = () => {
    count.textContent = reviews.filter((review) => box(review).checked).length;
  };
  const go = (index) => {
    const review = reviews[Math.max(0, Math.min(index, reviews.length - 1))];
    review.focus({ preventScroll: true });
    review.scrollIntoView({ block: "start" });
  };
  const choose = (checked) => {
    const index = here();
    if (index >= 0) {
      box(reviews[index]).checked = checked;
      tell();
      go(index + 1);
    }
  };
  const acts = {
    j: () => go(here() + 1),
    k: () => go(here() - 1),
    i: () => choose(true),
    x: () => choose(false),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([type=checkbox]), select, textarea");
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const off = localStorage.getItem("sixfold.single-keys") === "off";
    if (typing || modified || off || document.querySelector("dialog[open]")) {
      return;
    }
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
  form.addEventListener("change", tell);
  tell();
}

// The screen beside the bed locks itself after some minutes without a touch. What was
// typed stays under the lock; clock and what is due stay in sight, without identity.

const dialog = document.getElementById("bed-lock");
const limit = Number(dialog.dataset.minutes) * 60_000;
const place = dialog.querySelector("[data-bed-due]");
const error = dialog.querySelector("[data-bed-error]");
const password = dialog.querySelector("[type=password]");
const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
let touched = Date.now();

function post(url, body = "") {
  const headers = {
    "X-CSRFToken": token,
    "Content-Type": "application/x-www-form-urlencoded",
  };
  return fetch(url, { method: "POST", headers, body });
}

function showDue() {
  const due = document.querySelector("#due > *");
  place.replaceChildren(...(due ? [due.cloneNode(true)] : []));
}

function lock() {
  if (dialog.open) {
    return;
  }
  post(dialog.dataset.lock);
  showDue();
  document.body.classList.add("bed-locked");
  dialog.showModal();
  password.focus();
}

function open() {
  error.textContent = "";
  password.value = "";
  touched = Date.now();
  document.body.classList.remove("bed-locked");
  dialog.close();
}

async function unlock(event) {
  event.preventDefault();
  const form = event.target;
  const answer = await post(form.action, new URLSearchParams({ password: password.value }));
  if (answer.status === 422) {
    error.textContent = dialog.dataset.wrong;
    password.select();
  } else if (answer.redirected && answer.url.includes("/login/")) {
    location.assign(answer.url);
  } else if (answer.ok) {
    open();
  }
}

for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
}
dialog.addEventListener("cancel", (event) => event.preventDefault());
dialog.querySelector("form").addEventListener("submit", unlock);
document.querySelector("[data-lock-now]").addEventListener("click", lock);
document.addEventListener("htmx:after:swap", () => dialog.open && showDue());
setInterval(() => {
  if (Date.now() - touched > limit) {
    lock();
  }
}, 1_000);

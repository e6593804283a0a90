// Warns before the session ends. Every tab counts: the clock starts from the last answer
// that the server gave to any of them. After the end, a page takes up again only for the
// person it was made for; anyone else gets a clean page.

const SEEN = "sixfold.seen";
const dialog = document.getElementById("session");
const left = dialog.querySelector("[data-session-left]");
const seconds = Number(dialog.dataset.seconds);
const warning = Number(dialog.dataset.warnSeconds);
let over = false;

function seen() {
  localStorage.setItem(SEEN, String(Date.now()));
}

function remaining() {
  const idle = (Date.now() - Number(localStorage.getItem(SEEN))) / 1000;
  return Math.ceil(seconds - idle);
}

function show(state) {
  for (const part of dialog.querySelectorAll("[data-session-state]")) {
    part.hidden = part.dataset.sessionState !== state;
  }
  if (!dialog.open) {
    dialog.showModal();
  }
}

function tick() {
  const rest = remaining();
  if (over) {
    return;
  }
  if (rest > warning) {
    dialog.close();
  } else if (rest > 0) {
    left.value = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
    show("warning");
  } else {
    over = true;
    show("over");
  }
}

function takeToken(page) {
  const token = page.querySelector('meta[name="csrf-token"]').content;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) {
    field.value = token;
  }
}

async function goOn() {
  const answer = await fetch(dialog.dataset.stay);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const person = page.getElementById("session")?.dataset.person;
  if (person === dialog.dataset.person) {
    takeToken(page);
    seen();
    over = false;
    dialog.close();
  } else if (person) {
    location.assign(dialog.dataset.stay);
  } else {
    over = true;
    show("over");
  }
}

if (seconds > 0) {
  seen();
  document.addEventListener("htmx:after:request", seen);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    goOn();
  });
  for (const button of dialog.querySelectorAll("[data-session-go-on]")) {
    button.addEventListener("click", goOn);
  }
  setInterval(tick, 1000);
}

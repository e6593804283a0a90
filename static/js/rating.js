// A rating by keyboard: a digit answers and moves on, arrows and Backspace move, Enter
// completes. What is answered reaches the server at once, as a draft; the totals shown
// are those that the server gives back. Nothing is stored on the device.

const form = document.querySelector("form[data-rating]");
const url = form.dataset.draftUrl;
const state = form.querySelector("[data-save-state]");
const items = [...form.querySelectorAll("fieldset[data-item]")];
const WAIT = 400;
let timer = 0;
let unsaved = 0;
let sending = false;
let leaving = false;

function controlOf(item) {
  return (
    item.querySelector("input[type=radio]:checked") ??
    item.querySelector("input[type=radio], input[inputmode]")
  );
}

function isAnswered(item) {
  const typed = item.querySelector("input[inputmode]")?.value;
  const reason = item.querySelector("select")?.value;
  return Boolean(item.querySelector("input:checked") || typed || reason);
}

function currentIndex() {
  return items.findIndex((item) => item.contains(document.activeElement));
}

function go(index) {
  const item = items[index];
  if (!item) {
    form.querySelector("[data-complete]")?.focus();
    return;
  }
  controlOf(item)?.focus();
  item.scrollIntoView({ block: "nearest" });
}

function show(answer) {
  for (const total of answer.totals) {
    form.querySelector(`[data-total="${total.code}"]`).value = total.value;
    form.querySelector(`[data-note="${total.code}"]`).textContent = total.note;
  }
}

function say(text, isUnsaved) {
  state.textContent = text;
  state.classList.toggle("unsaved", isUnsaved);
}

async function save() {
  if (sending || !url) {
    return;
  }
  sending = true;
  const before = unsaved;
  try {
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const answer = await fetch(url, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: new FormData(form),
    });
    const said = await answer.json();
    if (answer.ok) {
      unsaved -= before;
      say(said.saved, false);
      show(said);
    } else {
      say(said.problem, true);
    }
  } catch {
    say(`${form.dataset.unsaved} (${unsaved})`, true);
    timer = setTimeout(save, 3000);
  } finally {
    sending = false;
    if (unsaved > 0 && !timer) {
      changed(0);
    }
  }
}

function changed(count = 1) {
  unsaved += count;
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = 0;
    save();
  }, WAIT);
}

function answerWith(index, digit) {
  const choice = items[index]?.querySelector(`input[type=radio][value="${digit}"]`);
  if (!choice) {
    return false;
  }
  choice.checked = true;
  changed();
  go(index + 1);
  return true;
}

const MOVES = { ArrowDown: 1, ArrowUp: -1, Backspace: -1 };

form.addEventListener("keydown", (event) => {
  const index = currentIndex();
  const typing = event.target.matches("input:not([type=radio]), select, textarea");
  if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === "Enter" && !event.target.matches("a, button, summary")) {
    event.preventDefault();
    const isLast = index === items.length - 1;
    if (typing && !isLast) {
      go(index + 1);
    } else {
      form.requestSubmit();
    }
  } else if (!typing && /^[0-9]$/.test(event.key)) {
    if (answerWith(index, event.key)) {
      event.preventDefault();
    }
  } else if (!typing && event.key in MOVES) {
    event.preventDefault();
    go(Math.max(0, index + MOVES[event.key]));
  }
});

// A click on the line of a visual analogue scale is a number like a typed one.
form.addEventListener("click", (event) => {
  const line = event.target.closest("svg[data-vas]");
  const field = line && document.getElementById(line.dataset.vas);
  if (!field || field.matches(":disabled")) {
    return;
  }
  const { left, width } = line.getBoundingClientRect();
  const share = (event.clientX - left) / width;
  field.value = Math.round(100 * Math.min(1, Math.max(0, share)));
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

function mark(field) {
  const line = form.querySelector(`svg[data-vas="${field.id}"]`);
  if (!line) {
    return;
  }
  line.querySelector(".touched")?.remove();
  const at = Number(field.value);
  if (field.value !== "" && at >= 0 && at <= 100) {
    const touched = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const places = { class: "touched", x1: at, x2: at, y1: 0, y2: 10 };
    for (const [name, value] of Object.entries(places)) {
      touched.setAttribute(name, value);
    }
    line.append(touched);
  }
}

form.addEventListener("input", (event) => {
  mark(event.target);
  changed();
});
addEventListener("online", () => {
  if (unsaved > 0) {
    changed(0);
  }
});
form.addEventListener("submit", () => {
  leaving = true;
});
addEventListener("beforeunload", (event) => {
  if (unsaved > 0 && !leaving) {
    event.preventDefault();
  }
});

if (url && !document.querySelector("[data-error-summary]")) {
  go(Math.max(0, items.findIndex((item) => !isAnswered(item))));
}

// Keys for lists and search: "/" searches, "?" shows the keys, arrows move, Enter opens;
// left and right follow the link that says it leads to what comes before or after.
// Lists say data-list on the table or list; each entry's first link is what Enter opens.
// The step that usually follows says data-next; Enter takes it when nothing has focus.

const SWITCH = "sixfold.single-keys";
const dialog = document.getElementById("keys");
const choice = dialog.querySelector("[data-single-keys]");

choice.checked = localStorage.getItem(SWITCH) !== "off";
choice.addEventListener("change", () => {
  localStorage.setItem(SWITCH, choice.checked ? "on" : "off");
});

function isTyping(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

function entries(list) {
  const rows = list.matches("table") ? list.querySelectorAll("tbody tr") : list.children;
  return [...rows].map((row) => row.querySelector("a[href]")).filter(Boolean);
}

function move(key, focused) {
  const list = focused.closest("[data-list]") ?? document.querySelector("[data-list]");
  if (!list) {
    return false;
  }
  const links = entries(list);
  const row = focused.closest("[data-list] tr, [data-list] > *");
  const here = row ? links.findIndex((link) => row.contains(link)) : -1;
  const last = links.length - 1;
  const target = {
    ArrowDown: Math.min(here + 1, last),
    ArrowUp: Math.max(here - 1, 0),
    Home: 0,
    End: last,
  }[key];
  links[target]?.focus();
  return links.length > 0;
}

function single(key) {
  if (!choice.checked) {
    return false;
  }
  if (key === "?") {
    dialog.showModal();
    return true;
  }
  const search = document.getElementById("search");
  if (key === "/" && search) {
    search.select();
    return true;
  }
  return false;
}

// A single letter that the page gives a meaning: data-key="n" on a link, button or field.
function lettered(key) {
  const target = choice.checked && document.querySelector(`[data-key="${key}"]`);
  if (!target) {
    return false;
  }
  if (target.matches("input, textarea, select")) {
    target.focus();
  } else {
    target.click();
  }
  return true;
}

function handled(key, focused) {
  if (/^[a-z]$/.test(key)) {
    return lettered(key);
  }
  if (key === "/" || key === "?") {
    return single(key);
  }
  const inList = focused.closest("[data-list]");
  const nothing = focused === document.body || focused.id === "main";
  if (key === "ArrowDown" || ((key === "ArrowUp" || key === "Home" || key === "End") && inList)) {
    return (inList || nothing) && move(key, focused);
  }
  const side = nothing && { ArrowLeft: "prev", ArrowRight: "next" }[key];
  const beside = side && document.querySelector(`main a[rel="${side}"]`);
  if (beside) {
    beside.click();
    return true;
  }
  const next = document.querySelector("[data-next]");
  if (key === "Enter" && nothing && next) {
    next.click();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  const focused = document.activeElement ?? document.body;
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (modified || event.isComposing || isTyping(focused) || document.querySelector("dialog[open]")) {
    return;
  }
  if (handled(event.key, focused)) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-keys]")) {
    dialog.showModal();
  }
});

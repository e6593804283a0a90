// Arrow keys in a table that says data-grid: from entry to entry, to the nearest cell
// that holds one. Enter opens it, as for every link.

const STEP = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

function neighbour(link, key) {
  const cell = link.closest("td");
  const within = [...cell.querySelectorAll("a[href]")];
  const next = within[within.indexOf(link) + STEP[key][0]];
  if (next && STEP[key][0] !== 0) {
    return next;
  }
  const rows = [...cell.closest("table").querySelectorAll("tbody tr")];
  const [down, right] = STEP[key];
  let row = rows.indexOf(cell.parentElement) + down;
  let column = cell.cellIndex + right;
  while (rows[row] && column > 0 && column < rows[row].cells.length) {
    const links = rows[row].cells[column].querySelectorAll("a[href]");
    if (links.length > 0) {
      return down < 0 ? links[links.length - 1] : links[0];
    }
    row += down;
    column += right;
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  const link = document.activeElement?.closest("[data-grid] td a");
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (!link || modified || !(event.key in STEP)) {
    return;
  }
  neighbour(link, event.key)?.focus();
  event.preventDefault();
});

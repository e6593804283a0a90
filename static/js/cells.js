// A grid of fields: arrows and Enter move from cell to cell, a pasted block of cells
// fills from here to the right and down.

function fieldAt(table, row, column) {
  return table.tBodies[0].rows[row]?.cells[column]?.querySelector("input");
}

function step(table, cell, rows, columns) {
  let row = cell.parentElement.sectionRowIndex + rows;
  let column = cell.cellIndex + columns;
  while (table.tBodies[0].rows[row]?.cells[column]) {
    const field = fieldAt(table, row, column);
    if (field) {
      field.focus();
      field.select();
      return true;
    }
    row += rows;
    column += columns;
  }
  return false;
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Left and right leave a field only from its end, so that a code can be corrected. */
function leaves(field, key) {
  if (key === "ArrowLeft") {
    return field.selectionEnd === 0 || field.selectionEnd - field.selectionStart === field.value.length;
  }
  if (key === "ArrowRight") {
    return field.selectionStart === field.value.length || field.selectionEnd - field.selectionStart === field.value.length;
  }
  return true;
}

function paste(table, cell, text) {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  lines.forEach((codes, down) => codes.forEach((code, right) => {
    const field = fieldAt(table, cell.parentElement.sectionRowIndex + down, cell.cellIndex + right);
    if (field) {
      field.value = code.trim();
    }
  }));
}

for (const table of document.querySelectorAll("[data-cells]")) {
  table.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    const cell = event.target.closest("td");
    if (!move || !cell || event.isComposing || !leaves(event.target, event.key)) {
      return;
    }
    if (step(table, cell, ...move) || event.key === "Enter") {
      event.preventDefault();
    }
  });
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (/[\t\n]/.test(text)) {
      event.preventDefault();
      paste(table, event.target.closest("td"), text);
    }
  });
}

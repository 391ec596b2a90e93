// Keys in the table of meetings, and what htmx cannot say by itself. Without this file the pages work by links and forms.
"use strict";

// Escape leaves an open cell; Enter saves where a browser would not send the form by itself.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form.cell");
  if (!form) return;
  if (event.key === "Escape") {
    event.preventDefault();
    form.querySelector("[data-leave]").click();
  } else if (event.key === "Enter") {
    const lines = event.target.tagName === "TEXTAREA";
    if (event.target.tagName === "SELECT" || (lines && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  }
});

// The keyboard goes into a cell that opens, and back to one that closes.
document.addEventListener("htmx:load", (event) => {
  const found = event.detail.elt.querySelector("[data-focus]");
  if (found) found.focus();
});

// The arrows lead from cell to cell.
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const cell = step && event.target.matches("a.open") ? event.target.closest("td") : null;
  if (!cell || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  let row = cell.parentElement;
  let found = cell;
  do {
    row = step[0] > 0 ? row.nextElementSibling : step[0] < 0 ? row.previousElementSibling : row;
    found = row && row.cells[found.cellIndex + step[1]];
  } while (found && !found.querySelector("a.open") && step[0]);
  const next = found && found.querySelector("a.open");
  if (next) {
    event.preventDefault();
    next.focus();
  }
});

// One tick for all rows of the page.
const every = document.getElementById("every");
if (every) {
  every.closest("[hidden]").hidden = false;
  every.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name=m]")) box.checked = every.checked;
  });
}

// A desk that cannot be reached says so; what was typed stays where it is.
const lost = () => {
  const trouble = document.getElementById("trouble");
  trouble.textContent = trouble.dataset.lost;
};
document.addEventListener("htmx:sendError", lost);
document.addEventListener("htmx:timeout", lost);

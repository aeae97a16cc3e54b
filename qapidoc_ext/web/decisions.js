// The table of decisions: filters, whose state is kept in the address behind "#?". Without this script all rows are shown.
// On a narrow page, where each row is a block of its own, every cell of a table is given the name of its column.
"use strict";

(() => {
  const FACETS = ["Status", "In the discussion", "Proposed by"];
  const TEXT = "text";

  const headings = (table) => [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());

  // "● accepted" is the status accepted; one cell may hold several names.
  const values = (cell) =>
    cell.textContent.split(",").map((value) => value.trim().replace(/^[^\p{L}\p{N}]+\s*/u, "")).filter(Boolean);

  const readState = () => new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");

  const writeState = (controls) => {
    const state = new URLSearchParams();
    for (const control of controls) if (control.value) state.set(control.name, control.value);
    const text = state.toString();
    history.replaceState(null, "", text ? `#?${text}` : location.pathname + location.search);
  };

  const labelled = (name, title, control) => {
    const label = document.createElement("label");
    label.append(title, control);
    control.name = name;
    control.setAttribute("aria-label", title);
    return label;
  };

  const facet = (name, rows, column) => {
    const select = document.createElement("select");
    const counts = new Map();
    for (const row of rows) for (const value of values(row.cells[column])) counts.set(value, (counts.get(value) ?? 0) + 1);
    select.append(new Option("any", ""));
    for (const value of [...counts.keys()].sort()) select.append(new Option(`${value} (${counts.get(value)})`, value));
    return labelled(name, name, select);
  };

  const addFilters = (table) => {
    const names = headings(table);
    const rows = [...table.tBodies[0].rows];
    const form = document.createElement("form");
    form.className = "decision-filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Filter the decisions");
    for (const name of FACETS) if (names.includes(name)) form.append(facet(name, rows, names.indexOf(name)));
    const text = document.createElement("input");
    text.type = "search";
    form.append(labelled(TEXT, "Words", text));
    const reset = document.createElement("button");
    reset.type = "button";
    reset.textContent = "Show all";
    const count = document.createElement("output");
    form.append(reset, count);
    const controls = [...form.querySelectorAll("select, input")];

    const apply = () => {
      const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const content = row.textContent.toLowerCase();
        const fits =
          words.every((word) => content.includes(word)) &&
          controls.every(
            (control) =>
              control === text || !control.value || values(row.cells[names.indexOf(control.name)]).includes(control.value),
          );
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = shown === rows.length ? `${rows.length} records` : `${shown} of ${rows.length} records`;
    };
    const restore = () => {
      const state = readState();
      for (const control of controls) {
        const value = state.get(control.name) ?? "";
        control.value = value;
        if (control.value !== value) control.value = "";
      }
      apply();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => (writeState(controls), apply()));
    reset.addEventListener("click", () => {
      for (const control of controls) control.value = "";
      writeState(controls);
      apply();
    });
    window.addEventListener("hashchange", restore);
    (table.closest(".table-wrapper") ?? table).before(form);
    restore();
  };

  const nameCells = (table) => {
    const names = headings(table);
    for (const row of table.tBodies[0].rows)
      [...row.cells].forEach((cell, index) => {
        if (index && names[index] && cell.textContent.trim()) {
          cell.dataset.name = names[index];
          cell.classList.add("narrow-name");
        }
      });
  };

  for (const table of document.querySelectorAll("table.qapi-decision-index")) addFilters(table);
  const many = "decision-index decision-history decision-timeline decision-relations decision-positions decision-criteria recorded-answers discussion-table discussion-calendar discussion-messages discussion-participants interface-changes open-ways";
  for (const name of many.split(" ")) for (const table of document.querySelectorAll(`table.qapi-${name}`)) nameCells(table);
})();

// Decisions side by side: which columns, only what differs, and weights. All of it stands in the address, as in
// #opts=4,5&only=differs&weights=C2:3,C8:1. Without this script the table is whole, and its cells open by themselves.
"use strict";

(() => {
  const SCORES = { pass: 1, partial: 0.5, fail: 0 };
  const HOVER = 250; // milliseconds that the mouse rests on a cell before it opens

  const make = (name, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const MOST = 100; // of a weight
  const isLevel = (one, other) => Math.abs(one.sum - other.sum) < 1e-9; // sums of decimals are not exact
  const number = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2).replace(/0+$/, "").replace(/\.$/, ""));

  // What the table says: an option for each column, a criterion for each row that has one cell for each column.
  const read = (table) => {
    const [, ...heads] = table.tHead.rows[0].cells;
    const options = heads.map((head, index) => ({
      name: head.querySelector(".comparison-number").textContent,
      title: head.querySelector(".comparison-title").textContent.trim(),
      column: index + 1,
    }));
    let group;
    let isKnockOut = false;
    const rows = [...table.tBodies[0].rows].map((row) => {
      if (row.cells.length === 1) {
        group = row;
        isKnockOut = row === table.tBodies[0].rows[0];
        return { row, cells: [] };
      }
      const cells = [...row.cells].slice(1);
      const id = row.querySelector("strong").textContent;
      const text = row.cells[0].querySelector("p").textContent.trim().slice(id.length).trim();
      return { row, group, cells, id, text, isKnockOut, results: cells.map(resultOf) };
    });
    return { options, rows, criteria: rows.filter((one) => one.id) };
  };
  // A verdict whose evidence has changed, or that this build did not execute, is none until somebody has judged.
  const resultOf = (cell) => {
    if (!/comparison-is-(stands|asserted)\b/.test(cell.className)) return "none";
    return /\bcomparison-(pass|fail|partial|not-applicable)\b/.exec(cell.className)?.[1] ?? "none";
  };

  const readAddress = ({ options, criteria }) => {
    const found = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    const chosen = (found.get("opts") ?? "").split(",").filter((name) => options.some((one) => one.name === name));
    const weights = new Map();
    for (const item of (found.get("weights") ?? "").split(",")) {
      const [id, text] = item.split(":");
      const weight = Number(text);
      if (criteria.some((one) => one.id === id && !one.isKnockOut) && weight > 0 && weight <= MOST) weights.set(id, weight);
    }
    return { chosen: chosen.length ? chosen : options.map((one) => one.name), differs: found.get("only") === "differs", weights };
  };
  const writeAddress = ({ options }, { chosen, differs, weights }) => {
    const parts = [];
    if (chosen.length < options.length) parts.push(`opts=${chosen.join(",")}`);
    if (differs) parts.push("only=differs");
    if (weights.size) parts.push(`weights=${[...weights].map(([id, weight]) => `${id}:${weight}`).join(",")}`);
    history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname + location.search);
  };

  // The rows that differ between the options that are shown.
  const differing = (table, shown) =>
    table.criteria.filter((one) => new Set(shown.map((option) => one.results[option.column - 1])).size > 1);

  const showChoice = (element, table, state) => {
    const shown = table.options.filter((one) => state.chosen.includes(one.name));
    const hidden = new Set(table.options.filter((one) => !shown.includes(one)).map((one) => one.column));
    for (const row of element.rows) for (const cell of row.cells) if (row.cells.length > 1) cell.hidden = hidden.has(cell.cellIndex);
    for (const row of element.rows) if (row.cells.length === 1) row.cells[0].colSpan = 1 + shown.length;
    const different = differing(table, shown);
    for (const one of table.criteria) one.row.hidden = state.differs && shown.length > 1 && !different.includes(one);
    for (const group of new Set(table.criteria.map((one) => one.group).filter(Boolean)))
      group.hidden = table.criteria.every((one) => one.group !== group || one.row.hidden);
    const total = table.criteria.length;
    if (shown.length < 2) return `${shown.length} of ${table.options.length} options`;
    const names = shown.length < table.options.length ? `Options ${shown.map((one) => one.name).join(", ")}` : "All options";
    return `${names}: they differ in ${different.length} of ${total} criteria${state.differs ? ", which are shown" : ""}`;
  };

  // The order that weights give, over the criteria by which each of the options has a verdict that counts.
  const weigh = (table, state) => {
    const shown = table.options.filter((one) => state.chosen.includes(one.name));
    const isCounted = (one) => shown.every((option) => one.results[option.column - 1] in SCORES);
    const weighted = table.criteria.filter((one) => state.weights.has(one.id));
    const counted = weighted.filter(isCounted);
    const score = (one, option) => SCORES[one.results[option.column - 1]];
    const order = shown
      .map((option) => ({ option, sum: counted.reduce((sum, one) => sum + state.weights.get(one.id) * score(one, option), 0) }))
      .sort((one, other) => other.sum - one.sum);
    // What each criterion's weight would have to be so that another option comes first.
    const turns = [];
    const [first, ...others] = order;
    for (const other of others)
      for (const one of table.criteria.filter((each) => !each.isKnockOut && isCounted(each))) {
        const advantage = score(one, first.option) - score(one, other.option);
        const before = state.weights.get(one.id) ?? 0;
        const after = advantage ? before - (first.sum - other.sum) / advantage : -1;
        if (after >= 0 && after <= MOST && !isLevel(first, other)) turns.push({ one, other: other.option, before, after, change: Math.abs(after - before) });
      }
    turns.sort((one, other) => one.change - other.change);
    return { order, turn: turns[0], left: weighted.filter((one) => !counted.includes(one)), counted };
  };
  const failed = (table, option) =>
    table.criteria.filter((one) => one.isKnockOut && one.results[option.column - 1] === "fail").map((one) => one.id);

  const sayOrder = (table, state) => {
    if (!state.weights.size) return [make("p", { textContent: "No weight is set, so there is no order." })];
    const { order, turn, left, counted } = weigh(table, state);
    const said = [];
    if (left.length)
      said.push(`${left.map((one) => one.id).join(", ")}: left out, for not every option that is shown has a verdict that can be counted.`);
    if (counted.length && order.length > 1) {
      const isTied = isLevel(order[0], order[1]);
      if (isTied) said.push("The first place is shared.");
      else if (turn)
        said.push(
          `The first place turns most easily by ${turn.one.id}: where its weight goes from ${number(turn.before)} to ${number(turn.after)}, ` +
            `option ${turn.other.name} draws level with option ${order[0].option.name}.`,
        );
      else said.push("No change of a single weight turns the first place.");
    }
    const list = make("ol", { className: "comparison-order" });
    for (const { option, sum } of counted.length ? order : []) {
      const out = failed(table, option);
      const knocked = out.length ? `; fails by the knock-out ${out.join(", ")}` : "";
      list.append(make("li", { textContent: `option ${option.name} ${option.title}: ${number(sum)}${knocked}` }));
    }
    return [list, ...said.map((text) => make("p", { textContent: text }))];
  };

  const addChoice = (element) => {
    const table = read(element);
    const box = (value, title) => make("label", {}, make("input", { type: "checkbox", value }), ` ${title}`);
    const options = make("fieldset", {}, make("legend", { textContent: "Options:" }));
    for (const one of table.options) options.append(box(one.name, one.name));
    const differs = box("differs", "only what differs");
    const reset = make("button", { type: "button", textContent: "Show all" });
    const count = make("output");
    const result = make("div", { className: "comparison-result" });
    const weights = make("details", { className: "comparison-weights" }, make("summary", { textContent: "Weigh the criteria" }));
    weights.append(make("p", { textContent: `A weight from 0 to ${MOST} for what counts for you. Yes counts 1, in part ½, no 0. Knock-out criteria are not weighed.` }));
    for (const one of table.criteria.filter((each) => !each.isKnockOut)) {
      const input = make("input", { type: "number", min: 0, max: MOST, step: "any", name: one.id });
      weights.append(make("label", {}, input, `${one.id} ${one.text}`));
    }
    weights.append(result);
    const form = make("form", { className: "comparison-choice" }, options, differs, reset, count, weights);
    form.setAttribute("aria-label", "Choose what is compared");
    const [differsInput] = differs.children;
    const optionInputs = [...options.querySelectorAll("input")];
    const weightInputs = [...weights.querySelectorAll("input")];

    const apply = (state) => {
      count.textContent = showChoice(element, table, state);
      result.replaceChildren(...sayOrder(table, state));
    };
    const restore = () => {
      const state = readAddress(table);
      for (const input of optionInputs) input.checked = state.chosen.includes(input.value);
      differsInput.checked = state.differs;
      for (const input of weightInputs) input.value = state.weights.get(input.name) ?? "";
      if (state.weights.size) weights.open = true;
      apply(state);
    };
    const stated = () => ({
      chosen: optionInputs.filter((input) => input.checked).map((input) => input.value),
      differs: differsInput.checked,
      weights: new Map(
        weightInputs.map((input) => [input.name, Number(input.value)]).filter(([, weight]) => weight > 0 && weight <= MOST),
      ),
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      const state = stated();
      if (!state.chosen.length) return restore();
      writeAddress(table, state);
      apply(state);
    });
    reset.addEventListener("click", () => {
      const state = { ...stated(), chosen: table.options.map((one) => one.name), differs: false };
      writeAddress(table, state);
      restore();
    });
    window.addEventListener("hashchange", restore);
    (element.closest(".comparison") ?? element).before(form);
    restore();
  };

  // A cell opens when the mouse rests on it, and closes when it leaves, unless it was opened by a click. Who goes on with
  // the keyboard would go to cells that lie under it, so that it closes then.
  const openByHover = (element) => {
    if (!window.matchMedia("(hover: hover)").matches) return;
    for (const details of element.querySelectorAll("td > details")) {
      const cell = details.parentElement;
      let timer;
      cell.addEventListener("pointerenter", () => {
        timer = setTimeout(() => {
          if (!details.open) [details.open, details.dataset.hovered] = [true, ""];
        }, HOVER);
      });
      cell.addEventListener("pointerleave", () => {
        clearTimeout(timer);
        if ("hovered" in details.dataset) details.open = false;
        delete details.dataset.hovered;
      });
      details.querySelector("summary").addEventListener("click", (event) => {
        if (!("hovered" in details.dataset)) return;
        delete details.dataset.hovered; // what the mouse had opened stays open
        event.preventDefault();
      });
      details.addEventListener("focusout", ({ relatedTarget }) => {
        if (relatedTarget && !details.contains(relatedTarget)) details.open = false;
      });
    }
    const close = (event) => {
      if (event.type === "keydown" && event.key !== "Escape") return;
      for (const details of element.querySelectorAll("td > details[open]")) {
        if (event.type === "keydown" && details.contains(document.activeElement)) details.querySelector("summary").focus();
        if (event.type === "keydown" || !details.contains(event.target)) details.open = false;
      }
    };
    document.addEventListener("keydown", close);
    document.addEventListener("click", close);
  };

  for (const element of document.querySelectorAll("table.qapi-comparison")) {
    addChoice(element);
    openByHover(element);
  }
})();

// Comforts of long lists: the count of ticked rows, the column configurator, menus that close. Each works without this file.
{
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const say = (text) => {
    const region = document.querySelector("[data-status]");
    if (region) region.textContent = text;
  };

  // The bar over a list says how many rows are ticked and what they ask for together.
  const format = (minor, currency) =>
    new Intl.NumberFormat("en-US", { style: "currency", currency }).format(Number(minor) / 100);
  const sumUp = (form) => {
    const words = form?.querySelector("[data-selection]");
    if (!words) return;
    words.dataset.written ??= words.textContent;
    const everything = form.querySelector("[name=all]");
    if (everything?.checked) {
      words.textContent = everything.closest("label").textContent.trim();
      return;
    }
    const ticked = all("tbody .cell-select input:checked", form);
    const sums = new Map();
    for (const { dataset } of ticked) {
      const minor = BigInt(dataset.minor ?? 0);
      if (minor > 0n) sums.set(dataset.currency, (sums.get(dataset.currency) ?? 0n) + minor);
    }
    const amounts = [...sums].map(([currency, minor]) => format(minor, currency)).join(" and ");
    words.textContent =
      ticked.length === 0
        ? words.dataset.written
        : `${ticked.length} selected${amounts === "" ? "" : `, ${amounts} outstanding`}`;
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    // Everything that matches is more than the rows of the page, so single rows no longer count.
    if (event.target.matches?.("[name=all]")) {
      for (const box of all(".cell-select input", form)) box.checked = event.target.checked;
    } else if (event.target.closest(".cell-select")) {
      const everything = form?.querySelector("[name=all]");
      if (everything) everything.checked = false;
    }
    sumUp(form);
    if (event.target.closest(".column-configurator")) arrange(event.target.closest("ol"));
  });

  // Column configurator: rows move by arrow or by dragging; what is saved is their order in the form.
  const rowsOf = (list) => [...list.children];
  const isShown = (row) => row?.querySelector("[type=checkbox]")?.checked ?? false;
  const arrange = (list) => {
    const rows = rowsOf(list);
    rows.forEach((row, index) => {
      row.querySelector("[data-move=up]").disabled = !isShown(row) || index === 0;
      row.querySelector("[data-move=down]").disabled =
        !isShown(row) || !rows.slice(index + 1).some((other) => isShown(other));
    });
    const count = list.closest("form").querySelector("[data-columns-shown]");
    if (count) count.textContent = `${rows.filter((row) => isShown(row)).length} of ${rows.length} shown`;
  };
  const tell = (row) => {
    const rows = rowsOf(row.parentElement);
    const name = row.querySelector("label").textContent.trim();
    say(`${name} is now column ${rows.indexOf(row) + 1} of ${rows.length}`);
  };
  const move = (button) => {
    const row = button.closest("li");
    const isUp = button.dataset.move === "up";
    const other = isUp ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (isUp) other.before(row);
    else other.after(row);
    arrange(row.parentElement);
    // At either end the arrow is out of use, and the focus goes to the other.
    const next = button.disabled ? row.querySelector(`[data-move=${isUp ? "down" : "up"}]`) : button;
    next.focus();
    tell(row);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".column-configurator [data-move]");
    if (button) {
      event.preventDefault();
      move(button);
    }
    // A click beside an open menu closes it.
    for (const menu of all("details.menu[open]", document)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  let dragged;
  document.addEventListener("pointerdown", (event) => {
    const row = event.target.closest(".column-configurator .drag-handle")?.closest("li");
    if (row) row.draggable = true;
  });
  document.addEventListener("pointerup", (event) => {
    const row = event.target.closest(".column-configurator li");
    if (row) row.removeAttribute("draggable");
  });
  document.addEventListener("dragstart", (event) => {
    if (!event.target.matches?.(".column-configurator li")) return;
    dragged = event.target;
    dragged.dataset.dragging = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  document.addEventListener("dragover", (event) => {
    const row = event.target.closest(".column-configurator li");
    if (!dragged || !row || row.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const box = row.getBoundingClientRect();
    if (row === dragged) return;
    if (event.clientY < box.top + box.height / 2) row.before(dragged);
    else row.after(dragged);
  });
  document.addEventListener("drop", (event) => {
    if (dragged) event.preventDefault();
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    delete dragged.dataset.dragging;
    dragged.removeAttribute("draggable");
    arrange(dragged.parentElement);
    tell(dragged);
    dragged = undefined;
  });

  // Escape closes an open menu and gives the focus back to its button.
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  const arrive = () => {
    for (const words of all("[data-selection]", document)) sumUp(words.closest("form"));
  };
  // Filters that asked by themselves: ticks belong to the rows that were there before, and who cannot see the list hears of it.
  const FILTERS = "filters-form";
  const arriveFiltered = ({ hx }) => {
    // Loading the page again, or coming back to it, shows the same list.
    if (hx?.replaceurl) history.replaceState(history.state, "", hx.replaceurl);
    for (const box of all(".cell-select input, [name=all]", document)) {
      box.checked = box.defaultChecked;
      box.indeterminate = false;
    }
    const error = document.querySelector(`#${FILTERS} .error`);
    const words = error ?? document.querySelector("main .pagination > span, main .empty-state h2");
    if (words) say(words.textContent.trim());
  };
  document.addEventListener("htmx:after:swap", (event) => {
    const asked = event.detail?.ctx;
    if (asked?.sourceElement?.id === FILTERS) arriveFiltered(asked);
    arrive();
  });
  // A browser that goes back keeps the ticks.
  window.addEventListener("pageshow", arrive);
}

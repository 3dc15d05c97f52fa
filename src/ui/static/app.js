// Small comforts only. Every page reads, submits and navigates without this file.
// All listeners hang on the document, so that parts which are swapped in later work as well.
const all = (selector, root) => [...root.querySelectorAll(selector)];
const say = (text) => {
  const region = document.querySelector("[data-status]");
  if (region) region.textContent = text;
};

// A box in the table head ticks the boxes of its table, and shows the mixed state when only some are ticked.
const boxesOf = (table) => all("tbody .cell-select input:not(:disabled)", table);
const syncHead = (table) => {
  const head = table.querySelector("[data-select-all]");
  if (!head) return;
  const boxes = boxesOf(table);
  const on = boxes.filter((box) => box.checked).length;
  head.checked = on > 0 && on === boxes.length;
  head.indeterminate = on > 0 && on < boxes.length;
};
document.addEventListener("change", (event) => {
  const table = event.target.closest("table");
  if (!table) return;
  if (event.target.matches("[data-select-all]")) {
    for (const box of boxesOf(table)) box.checked = event.target.checked;
  }
  syncHead(table);
});

// Text typed in a field appears in its preview; an empty field brings back what the server wrote there.
const written = new WeakMap();
document.addEventListener("input", (event) => {
  for (const target of all("[data-mirror]", document)) {
    if (target.dataset.mirror !== event.target.name) continue;
    if (!written.has(target)) written.set(target, target.textContent);
    target.textContent = event.target.value.trim() || written.get(target);
  }
});

const copy = async (button) => {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say(button.dataset.copied ?? "Copied");
  } catch {
    // A frame without the permission refuses; the text stands beside the button and can be selected there.
    say("Your browser did not allow copying. Select the text and copy it by hand.");
  }
};

// A placeholder goes where the cursor is; the field is told as if it had been typed.
const insert = (button) => {
  const field = document.getElementById(button.dataset.into);
  if (!field) return;
  field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

const openDialog = (id) => {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button) return;
  if (button.dataset.copy !== undefined) copy(button);
  if (button.dataset.insert !== undefined) insert(button);
  if (button.dataset.print !== undefined) window.print();
  if (button.dataset.closes !== undefined) button.closest("dialog")?.close();
  if (button.dataset.opens !== undefined) {
    // The link behind the button is the page that asks the same question without a script.
    event.preventDefault();
    openDialog(button.dataset.opens);
  }
});

// The answer to a failed check takes the focus, also when it arrives as a part of the page.
const arrive = (root) => {
  for (const table of all("table", root)) syncHead(table);
  root.querySelector(".error-summary")?.focus();
};
document.addEventListener("htmx:after:swap", () => arrive(document));
arrive(document);
if (location.hash.startsWith("#dialog-")) openDialog(location.hash.slice(1));

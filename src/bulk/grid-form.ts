import { isId } from "../base/id.ts";
import type { Form } from "../web/form.ts";
import { isColumn, type TypedRow } from "./columns.ts";
import { GRID_FIELDS } from "./grid-view.tsx";
import type { ReviewPlace } from "./review-address.ts";
import { REVIEW_VIEWS, type ReviewView } from "./review-queries.ts";
import type { RowChange, Saved } from "./save-rows.ts";

const WORDS_LIMIT = 200;
const PAGE_LIMIT = 100_000;

export type GridForm = { changes: RowChange[]; ticked: string[]; action: string; place: ReviewPlace };

/** What a posted grid says: every cell on its page, the rows that were ticked and the button that was pressed. */
export function readGridForm(form: Form): GridForm {
  const changes = [...form.withPrefix(GRID_FIELDS.versions)]
    .filter(([id]) => isId(id))
    .map(([id, version]) => ({
      id,
      version: Number(version),
      cells: cellsOf(form.withPrefix(GRID_FIELDS.cells(id))),
      // Whether shifted cells are right is said where all of them are seen.
      accepted: false,
    }));
  return {
    changes,
    ticked: form.all(GRID_FIELDS.ticked).filter(isId),
    action: form.text("action"),
    place: readPlace((name) => form.text(name)),
  };
}

/** The cells of a row from fields that are called like the columns. */
export function cellsOf(fields: ReadonlyMap<string, string>): TypedRow {
  const cells: TypedRow = {};
  for (const [name, text] of fields) if (isColumn(name)) cells[name] = text;
  return cells;
}

/** Which rows are looked at, from an address or a form. What makes no sense is taken for the usual. */
export function readPlace(read: (name: string) => string | undefined): ReviewPlace {
  const view = read("rows") ?? "";
  return {
    view: isView(view) ? view : "all",
    words: (read("q") ?? "").trim().slice(0, WORDS_LIMIT),
    page: readPage(read("page")),
  };
}

/** A page's number, from 1. */
export function readPage(text: string | undefined): number {
  const page = Number(text ?? "1");
  return Number.isInteger(page) && page >= 1 && page <= PAGE_LIMIT ? page : 1;
}

/** What came of saving, in words; undefined when nothing was to be saved. */
export function savedWords(saved: Saved): { tone: "good" | "warn"; text: string } | undefined {
  const parts: string[] = [];
  if (saved.changed > 0) parts.push(`${saved.changed === 1 ? "1 row" : `${saved.changed} rows`} changed.`);
  if (saved.bad > 0) parts.push(`${saved.bad === 1 ? "1 still needs" : `${saved.bad} still need`} fixing.`);
  if (saved.missed > 0) {
    parts.push(
      `${saved.missed === 1 ? "1 row was" : `${saved.missed} rows were`} changed or sent by somebody else meanwhile: look again.`,
    );
  }
  if (parts.length === 0) return undefined;
  return { tone: saved.bad + saved.missed > 0 ? "warn" : "good", text: parts.join(" ") };
}

function isView(text: string): text is ReviewView {
  return (REVIEW_VIEWS as readonly string[]).includes(text);
}

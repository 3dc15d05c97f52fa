import { isInReview, type RowState } from "./state.ts";

/** What of a row decides on its marks, and the marks that it bears. */
export type MarkedRow = {
  id: string;
  line: number;
  state: RowState;
  invoiceNumber: string;
  duplicateKey: string | null;
  fingerprint: string;
  repeatConfirmed: boolean;
  duplicateOf: number | null;
  openLinkId: string | null;
};

/** Links of the firm: open ones by the number of their invoice, and those of other uploads by the fingerprint of their row. */
type KnownLinks = {
  openByInvoice: ReadonlyMap<string, string>;
  sentByFingerprint: ReadonlyMap<string, string>;
};

export type Marks = {
  id: string;
  state: RowState;
  duplicateOf: number | null;
  openLinkId: string | null;
  repeatsLinkId: string | null;
};

/**
 * Works out the marks of an upload's rows, which stand in the file's order, and gives those that change. The later of rows that ask for
 * the same is marked; so is a draft whose invoice has an open link; a ready row that another upload has sent is held back. `looked`
 * are the rows whose links were looked up: the others keep theirs.
 */
export function changedMarks(
  rows: readonly MarkedRow[],
  looked: ReadonlySet<string>,
  links: KnownLinks,
): Marks[] {
  const firstLines = new Map<string, number>();
  const changed: Marks[] = [];
  for (const row of rows) {
    const firstLine = row.duplicateKey === null ? undefined : firstLines.get(row.duplicateKey);
    if (row.duplicateKey !== null && firstLine === undefined) firstLines.set(row.duplicateKey, row.line);
    const isLooked = looked.has(row.id) && isInReview(row.state);
    const openLinkId = isLooked ? (links.openByInvoice.get(row.invoiceNumber) ?? null) : row.openLinkId;
    const twin =
      isLooked && row.state === "ready" && !row.repeatConfirmed
        ? links.sentByFingerprint.get(row.fingerprint)
        : undefined;
    const duplicateOf = firstLine ?? null;
    if (duplicateOf === row.duplicateOf && openLinkId === row.openLinkId && twin === undefined) continue;
    changed.push({
      id: row.id,
      state: twin === undefined ? row.state : "repeated",
      duplicateOf,
      openLinkId,
      repeatsLinkId: twin ?? null,
    });
  }
  return changed;
}

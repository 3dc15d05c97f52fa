/** Where a page of a list begins: behind the row `after`, or with the rows before `before`; neither is the first page. */
export type Place = { after?: string | undefined; before?: string | undefined };

/** Rows in the list's order, and whether a page stands before and behind them. */
export type Page<Row> = { rows: Row[]; hasEarlier: boolean; hasLater: boolean };

/** Makes a page of rows that were read from a place: one more than `size`, and backwards where they end before `before`. */
export function toPage<Row>(rows: readonly Row[], place: Place, size: number): Page<Row> {
  const hasMore = rows.length > size;
  const shown = rows.slice(0, size);
  if (place.before !== undefined) return { rows: shown.reverse(), hasEarlier: hasMore, hasLater: true };
  return { rows: shown, hasEarlier: place.after !== undefined, hasLater: hasMore };
}

/**
 * Many rows as one parameter, for `jsonb_to_recordset`: no limit on the number of parameters, one statement for a page. Amounts
 * become text, which the column's type reads exactly. PostgreSQL takes neither NUL characters nor halves of surrogate pairs.
 */
export function toRecordset<Item>(
  items: readonly Item[],
  toRow: (item: Item) => Record<string, unknown>,
): string {
  return JSON.stringify(items.map(toRow), (_key, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    if (typeof value === "string") return value.replaceAll("\0", "").toWellFormed();
    return value;
  });
}

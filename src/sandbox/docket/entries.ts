import type { EntryRow } from "./rows.ts";
import type { Store } from "./store.ts";

type NewEntry = {
  reference: string;
  datedOn: string;
  method: string | null;
  memo: string | null;
  payerName: string | null;
  cents: number;
  reversesId: string | null;
};

const ID_PREFIXES = { payment: "pay", trust_deposit: "dep", reversal: "rev" } as const;

/** Writes the entry itself, without lines; amounts in cents. */
export function insertEntry(store: Store, kind: EntryRow["kind"], entry: NewEntry): EntryRow {
  const at = store.nextInstant();
  const row = store.find<EntryRow>(
    `insert into entries (id, kind, reference, dated_on, method, memo, payer_name, amount_cents, reversed_cents,
       reverses_id, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?) returning *`,
    store.nextId(ID_PREFIXES[kind]),
    kind,
    entry.reference,
    entry.datedOn,
    entry.method,
    entry.memo,
    entry.payerName,
    entry.cents,
    entry.reversesId,
    at,
    at,
  );
  if (row === undefined) throw new Error("the entry was not written");
  return row;
}

/** Writes one ledger line of an entry; a reversal's line names the entry it undoes. */
export function insertLine(
  store: Store,
  entry: EntryRow,
  matterId: string,
  statementId: string | null,
  cents: number,
  reversesId: string | null = null,
): void {
  store.run(
    `insert into ledger (id, entry_id, reverses_id, at, matter_id, statement_id, kind, amount_cents, reference)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    store.nextId("led"),
    entry.id,
    reversesId,
    entry.created_at,
    matterId,
    statementId,
    entry.kind,
    cents,
    entry.reference,
  );
}

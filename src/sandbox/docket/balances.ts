import { recordChange } from "./changes.ts";
import { Refusal } from "./refusal.ts";
import type { StatementRow } from "./rows.ts";
import type { Store } from "./store.ts";

function knownStatement(store: Store, id: string): StatementRow {
  const row = store.find<StatementRow>("select * from statements where id = ? and deleted_at is null", id);
  if (row === undefined) throw new Refusal(422, "unknown_statement", `There is no statement ${id}.`);
  return row;
}

/** A statement that may take a payment of so many cents; throws a Refusal that says why not. */
export function payableStatement(
  store: Store,
  id: string,
  kind: StatementRow["kind"],
  cents: number,
  matterId?: string,
): StatementRow {
  const row = knownStatement(store, id);
  if (matterId !== undefined && row.matter_id !== matterId) {
    throw new Refusal(422, "unknown_statement", `Statement ${row.number} is of another matter.`);
  }
  if (row.kind !== kind) {
    throw new Refusal(
      422,
      "wrong_statement_kind",
      `Statement ${row.number} is not ${kind === "invoice" ? "an invoice" : "a trust request"}.`,
    );
  }
  if (row.status !== "open")
    throw new Refusal(422, "statement_not_open", `Statement ${row.number} is ${row.status}.`);
  if (cents > row.balance_cents) {
    throw new Refusal(
      422,
      "allocation_exceeds_balance",
      `Statement ${row.number} has a smaller balance than that.`,
    );
  }
  return row;
}

/** A statement whose balance may rise again; throws a Refusal when it is void or gone. */
export function reversibleStatement(store: Store, id: string): StatementRow {
  const row = knownStatement(store, id);
  if (row.status === "void") throw new Refusal(422, "statement_not_open", `Statement ${row.number} is void.`);
  return row;
}

/** Moves a statement's balance by so many cents; at zero it is paid, above it is open. */
export function changeBalance(store: Store, statement: StatementRow, cents: number): void {
  const balance = statement.balance_cents + cents;
  store.run(
    "update statements set balance_cents = ?, status = ? where id = ?",
    balance,
    balance === 0 ? "paid" : "open",
    statement.id,
  );
  recordChange(store, "statement", statement.id);
}

/** Moves a matter's trust balance by so many cents. */
export function changeTrust(store: Store, matterId: string, cents: number): void {
  store.run("update matters set trust_balance_cents = trust_balance_cents + ? where id = ?", cents, matterId);
  recordChange(store, "matter", matterId);
}

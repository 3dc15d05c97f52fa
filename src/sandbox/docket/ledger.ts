import { changeBalance, changeTrust, payableStatement, reversibleStatement } from "./balances.ts";
import { insertEntry, insertLine } from "./entries.ts";
import { Refusal } from "./refusal.ts";
import type { EntryRow, LedgerRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** All amounts are integer cents. Every function here is one transaction and throws a Refusal when a rule is broken. */

type Allocation = { statementId: string; cents: number };
type Receipt = {
  reference: string;
  receivedOn: string;
  method: string | null;
  memo: string | null;
  payerName: string | null;
  cents: number;
};
type PaymentInput = Receipt & { allocations: Allocation[] };
type DepositInput = Receipt & { matterId: string; statementId: string | null };
type ReversalInput = {
  entryId: string;
  reference: string;
  reversedOn: string;
  reason: string | null;
  cents: number;
  /** Of a payment only; a deposit has the one line. */
  allocations: Allocation[];
};

/** Writes a payment and lowers the balances of its invoices. */
export function recordPayment(store: Store, input: PaymentInput): EntryRow {
  return store.transact(() => {
    assertAddsUp(input.allocations, input.cents);
    const statements = input.allocations.map((allocation) => ({
      allocation,
      statement: payableStatement(store, allocation.statementId, "invoice", allocation.cents),
    }));
    const entry = insertEntry(store, "payment", { ...input, datedOn: input.receivedOn, reversesId: null });
    for (const { allocation, statement } of statements) {
      insertLine(store, entry, statement.matter_id, statement.id, allocation.cents);
      changeBalance(store, statement, -allocation.cents);
    }
    return entry;
  });
}

/** Writes a deposit: the matter's trust balance rises, what its trust request still asks for falls. */
export function recordDeposit(store: Store, input: DepositInput): EntryRow {
  return store.transact(() => {
    const matter = store.find("select id from matters where id = ? and deleted_at is null", input.matterId);
    if (matter === undefined)
      throw new Refusal(422, "unknown_matter", `There is no matter ${input.matterId}.`);
    const statement =
      input.statementId === null
        ? undefined
        : payableStatement(store, input.statementId, "trust_request", input.cents, input.matterId);
    const entry = insertEntry(store, "trust_deposit", {
      ...input,
      datedOn: input.receivedOn,
      reversesId: null,
    });
    insertLine(store, entry, input.matterId, statement?.id ?? null, input.cents);
    if (statement !== undefined) changeBalance(store, statement, -input.cents);
    changeTrust(store, input.matterId, input.cents);
    return entry;
  });
}

/** Undoes a payment or a deposit, wholly or in part: balances rise again and a paid statement reopens. */
export function recordReversal(
  store: Store,
  kind: "payment" | "trust_deposit",
  input: ReversalInput,
): EntryRow {
  return store.transact(() => {
    const original = store.find<EntryRow>(
      "select * from entries where id = ? and kind = ?",
      input.entryId,
      kind,
    );
    if (original === undefined) throw new Refusal(404, "not_found", `There is no entry ${input.entryId}.`);
    const lines = store.all<LedgerRow>("select * from ledger where entry_id = ? order by id", original.id);
    const parts =
      kind === "payment"
        ? paymentParts(lines, input)
        : lines.map((line) => ({ line, cents: input.cents, statementId: line.statement_id }));
    for (const { line, cents } of parts) assertReversible(store, original, line, cents);
    const entry = insertEntry(store, "reversal", {
      ...input,
      datedOn: input.reversedOn,
      memo: input.reason,
      method: null,
      payerName: null,
      reversesId: original.id,
    });
    for (const { line, cents } of parts) {
      insertLine(store, entry, line.matter_id, line.statement_id, cents, original.id);
      if (line.statement_id !== null) {
        changeBalance(store, reversibleStatement(store, line.statement_id), cents);
      }
      if (kind === "trust_deposit") changeTrust(store, line.matter_id, -cents);
    }
    store.run(
      "update entries set reversed_cents = reversed_cents + ?, updated_at = ? where id = ?",
      input.cents,
      store.nextInstant(),
      original.id,
    );
    return entry;
  });
}

function paymentParts(lines: LedgerRow[], input: ReversalInput) {
  assertAddsUp(input.allocations, input.cents);
  return input.allocations.map((allocation) => {
    const line = lines.find((candidate) => candidate.statement_id === allocation.statementId);
    if (line === undefined) {
      throw new Refusal(
        422,
        "unknown_statement",
        `The payment has nothing on statement ${allocation.statementId}.`,
      );
    }
    return { line, cents: allocation.cents };
  });
}

function assertAddsUp(allocations: Allocation[], cents: number): void {
  const sum = allocations.reduce((total, allocation) => total + allocation.cents, 0);
  if (sum !== cents) {
    throw new Refusal(422, "allocations_do_not_add_up", "The allocations do not add up to the amount.");
  }
  if (new Set(allocations.map((allocation) => allocation.statementId)).size !== allocations.length) {
    throw new Refusal(422, "invalid", "A statement may be named only once.");
  }
}

function assertReversible(store: Store, original: EntryRow, line: LedgerRow, cents: number): void {
  const done = store.find<{ cents: number }>(
    `select coalesce(sum(amount_cents), 0) as cents from ledger where reverses_id = ? and statement_id is ?`,
    original.id,
    line.statement_id,
  );
  if (cents > line.amount_cents - (done?.cents ?? 0)) {
    throw new Refusal(
      422,
      "reversal_exceeds_entry",
      "More would be reversed than the entry still holds there.",
    );
  }
}

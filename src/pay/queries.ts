import { type Insertable, type Selectable, sql, type Updateable } from "kysely";
import type { Checkout, FirmSettings, Payment } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type CheckoutRow = Selectable<Checkout>;
export type CheckoutState = CheckoutRow["state"];

/** The firm of a link and the version of its token; needs no firm of the transaction. */
export async function findLinkOwner(
  tx: Tx,
  linkId: string,
): Promise<{ firmId: string; tokenVersion: number } | undefined> {
  const { rows } = await sql<{ firm_id: string; token_version: number }>`
    select * from find_link(${linkId})`.execute(tx);
  const found = rows[0];
  return found && { firmId: found.firm_id, tokenVersion: found.token_version };
}

export type LinkStatement = {
  statementId: string;
  number: string;
  issuedOn: string;
  state: "open" | "paid" | "void";
  isDeleted: boolean;
  balanceMinor: bigint;
  /** What the link lays on it, and its balance when the link was sent. */
  amountMinor: bigint;
  balanceAtSendingMinor: bigint;
};

/** The statements that a link pays, in the link's order. */
export async function listLinkStatements(tx: Tx, firmId: string, linkId: string): Promise<LinkStatement[]> {
  const rows = await tx
    .selectFrom("link_allocation as a")
    .innerJoin("statement as s", (join) =>
      join.onRef("s.firm_id", "=", "a.firm_id").onRef("s.id", "=", "a.statement_id"),
    )
    .select(["s.id", "s.number", "s.issued_on", "s.state", "s.deleted_at", "s.balance_minor"])
    .select(["a.amount_minor", "a.balance_at_sending_minor"])
    .where("a.firm_id", "=", firmId)
    .where("a.link_id", "=", linkId)
    .orderBy("a.position")
    .execute();
  return rows.map((row) => ({
    statementId: row.id,
    number: row.number,
    issuedOn: row.issued_on,
    state: row.state,
    isDeleted: row.deleted_at !== null,
    balanceMinor: row.balance_minor,
    amountMinor: row.amount_minor,
    balanceAtSendingMinor: row.balance_at_sending_minor,
  }));
}

/** The payment that a link's page shows: the one under way or taken. Surplus payments are the firm's matter. */
export function findLinkPayment(
  tx: Tx,
  firmId: string,
  linkId: string,
): Promise<Selectable<Payment> | undefined> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .where("state", "in", ["processing", "succeeded"])
    .where("is_surplus", "=", false)
    .executeTakeFirst();
}

/** The bank debit of a link that failed last: told to the payer who comes back to pay again. */
export function findFailedDebit(
  tx: Tx,
  firmId: string,
  linkId: string,
): Promise<Selectable<Payment> | undefined> {
  return tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .where("state", "=", "failed")
    .where("method", "=", "bank_debit")
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** Writes what is wrong with the captcha's keys, or that they work again. */
export async function setCaptchaTrouble(
  tx: Tx,
  firmId: string,
  trouble: Selectable<FirmSettings>["captcha_trouble"],
  at: Date,
): Promise<void> {
  await tx
    .updateTable("firm_settings")
    .set({ captcha_trouble: trouble, captcha_trouble_at: trouble === null ? null : at })
    .where("firm_id", "=", firmId)
    .execute();
}

export function insertCheckout(tx: Tx, row: Insertable<Checkout>): Promise<CheckoutRow> {
  return tx.insertInto("checkout").values(row).returningAll().executeTakeFirstOrThrow();
}

/** A checkout; undefined when there is none in this firm. */
export function findCheckout(tx: Tx, firmId: string, id: string): Promise<CheckoutRow | undefined> {
  return tx
    .selectFrom("checkout")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .executeTakeFirst();
}

export function findCheckoutBySession(
  tx: Tx,
  firmId: string,
  sessionId: string,
): Promise<CheckoutRow | undefined> {
  return tx
    .selectFrom("checkout")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("session_id", "=", sessionId)
    .executeTakeFirst();
}

/** The one checkout of a link that could be paid; the caller has locked the link. */
export function findPayableCheckout(
  tx: Tx,
  firmId: string,
  linkId: string,
): Promise<CheckoutRow | undefined> {
  return tx
    .selectFrom("checkout")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("link_id", "=", linkId)
    .where("state", "in", ["preparing", "open"])
    .executeTakeFirst();
}

/** Writes columns of a checkout that is in one of `states` still. Returns whether it was. */
export async function changeCheckout(
  tx: Tx,
  firmId: string,
  id: string,
  states: readonly CheckoutState[],
  change: Updateable<Checkout>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("checkout")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .where("state", "in", states)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

import { type Insertable, type Selectable, type SqlBool, sql, type Updateable } from "kysely";
import { isId } from "../base/id.ts";
import { byKey, changeRows, findRows, isAmong } from "../db/rows.ts";
import type { Checkout, FirmSettings, Payment } from "../db/schema.ts";
import { together } from "../db/together.ts";
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
export const listLinkStatements: (tx: Tx, firmId: string, linkId: string) => Promise<LinkStatement[]> =
  together(async (tx, firmId, linkIds: readonly string[]) => {
    const rows = await tx
      .selectFrom("link_allocation as a")
      .innerJoin("statement as s", (join) =>
        join.onRef("s.firm_id", "=", "a.firm_id").onRef("s.id", "=", "a.statement_id"),
      )
      .select(["s.id", "s.number", "s.issued_on", "s.state", "s.deleted_at", "s.balance_minor"])
      .select(["a.link_id", "a.amount_minor", "a.balance_at_sending_minor"])
      .where("a.firm_id", "=", firmId)
      .where(isAmong("a.link_id", linkIds))
      .orderBy("a.position")
      .execute();
    return byKey(rows, linkIds, (row) => row.link_id).map((lines) =>
      lines.map((row) => ({
        statementId: row.id,
        number: row.number,
        issuedOn: row.issued_on,
        state: row.state,
        isDeleted: row.deleted_at !== null,
        balanceMinor: row.balance_minor,
        amountMinor: row.amount_minor,
        balanceAtSendingMinor: row.balance_at_sending_minor,
      })),
    );
  });

/** The payment that a link's page shows: the one under way or taken. Surplus payments are the firm's matter. */
export const findLinkPayment: (
  tx: Tx,
  firmId: string,
  linkId: string,
) => Promise<Selectable<Payment> | undefined> = together(async (tx, firmId, linkIds: readonly string[]) => {
  const payments = await tx
    .selectFrom("payment")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where(isAmong("link_id", linkIds))
    .where("state", "in", ["processing", "succeeded"])
    .where("is_surplus", "=", false)
    .execute();
  return byKey(payments, linkIds, (payment) => payment.link_id).map(([payment]) => payment);
});

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
export async function findCheckout(tx: Tx, firmId: string, id: string): Promise<CheckoutRow | undefined> {
  return isId(id) ? await foundCheckout(tx, firmId, id) : undefined;
}

const foundCheckout = together((tx, firmId, ids: readonly string[]) => findRows(tx, "checkout", firmId, ids));

/** The checkout that the processor calls by this session. */
export const findCheckoutBySession: (
  tx: Tx,
  firmId: string,
  sessionId: string,
) => Promise<CheckoutRow | undefined> = together(async (tx, firmId, sessionIds: readonly string[]) => {
  const checkouts = await tx
    .selectFrom("checkout")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("session_id", "in", sessionIds)
    .execute();
  return byKey(checkouts, sessionIds, (checkout) => checkout.session_id).map(([checkout]) => checkout);
});

/** The one checkout of a link that could be paid; the caller has locked the link. */
export const findPayableCheckout: (
  tx: Tx,
  firmId: string,
  linkId: string,
) => Promise<CheckoutRow | undefined> = together(async (tx, firmId, linkIds: readonly string[]) => {
  const checkouts = await tx
    .selectFrom("checkout")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where(isAmong("link_id", linkIds))
    .where("state", "in", ["preparing", "open"])
    .execute();
  return byKey(checkouts, linkIds, (checkout) => checkout.link_id).map(([checkout]) => checkout);
});

/** Writes columns of a checkout that is in one of `states` still. Returns whether it was. */
export function changeCheckout(
  tx: Tx,
  firmId: string,
  id: string,
  states: readonly CheckoutState[],
  change: Updateable<Checkout>,
): Promise<boolean> {
  return changedCheckout(tx, firmId, { id, states, change });
}

type CheckoutChange = { id: string; states: readonly CheckoutState[]; change: Updateable<Checkout> };

const changedCheckout = together(async (tx, firmId, changes: readonly CheckoutChange[]) => {
  const written = new Set<string>();
  for (const [states, group] of Map.groupBy(changes, (each) => each.states.join())) {
    const isStill = sql<SqlBool>`kept.state = any (${states.split(",")}::text[])`;
    for (const row of await changeRows(tx, "checkout", firmId, group, isStill)) if (row) written.add(row.id);
  }
  return changes.map(({ id }) => written.has(id));
});

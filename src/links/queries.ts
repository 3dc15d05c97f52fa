import type { Selectable, Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { findRows, lockRows, updateRows } from "../db/rows.ts";
import type { PaymentLink } from "../db/schema.ts";
import { together } from "../db/together.ts";
import type { Tx } from "../db/tx.ts";

export type LinkRow = Selectable<PaymentLink>;
type LinkChange = { id: string; change: Updateable<PaymentLink> };

/** Locks a link until the transaction ends. Throws `not_found`, also for a link of another firm. */
export async function lockLink(tx: Tx, firmId: string, id: string): Promise<LinkRow> {
  const link = isId(id) ? await lockedLink(tx, firmId, id) : undefined;
  if (!link) throw notFound("link");
  return link;
}

const lockedLink = together((tx, firmId, ids: readonly string[]) =>
  lockRows(tx, "payment_link", firmId, ids),
);

/** Locks every link of a request, always in the same order, so that two who do it wait for each other. */
export function lockRequest(tx: Tx, firmId: string, requestId: string): Promise<LinkRow[]> {
  return tx
    .selectFrom("payment_link")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("request_id", "=", requestId)
    .orderBy("id")
    .forUpdate()
    .execute();
}

/** A link without locking it; undefined when there is none in this firm. */
export async function findLink(tx: Tx, firmId: string, id: string): Promise<LinkRow | undefined> {
  return isId(id) ? await foundLink(tx, firmId, id) : undefined;
}

const foundLink = together((tx, firmId, ids: readonly string[]) => findRows(tx, "payment_link", firmId, ids));

/** The links of a request, operating before trust. */
export function findRequestLinks(tx: Tx, firmId: string, requestId: string): Promise<LinkRow[]> {
  return tx
    .selectFrom("payment_link")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("request_id", "=", requestId)
    .orderBy("account_kind")
    .orderBy("id")
    .execute();
}

/** The link that asks for what another left unpaid. */
export function findSuccessor(tx: Tx, firmId: string, linkId: string): Promise<LinkRow | undefined> {
  return tx
    .selectFrom("payment_link")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("predecessor_id", "=", linkId)
    .executeTakeFirst();
}

/** Writes some columns of a link and returns the whole of it. */
export function updateLink(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<PaymentLink>,
): Promise<LinkRow> {
  return updatedLink(tx, firmId, { id, change });
}

const updatedLink = together((tx, firmId, changes: readonly LinkChange[]) =>
  updateRows(tx, "payment_link", firmId, changes),
);

/** Outstanding links whose time has run out, the longest overdue first. */
export async function listDueIds(tx: Tx, firmId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom("payment_link")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("state", "=", "outstanding")
    .where("expires_at", "<=", now)
    .orderBy("expires_at")
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** The links that were sent for a matter since an instant, newest first. */
export function listMatterLinks(
  tx: Tx,
  firmId: string,
  matterId: string,
  since: Date,
  limit: number,
): Promise<LinkRow[]> {
  return tx
    .selectFrom("payment_link")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("matter_id", "=", matterId)
    .where("created_at", ">=", since)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

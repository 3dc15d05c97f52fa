import { type Selectable, sql } from "kysely";
import type { Payment, Posting } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type OurPayment = Pick<
  Selectable<Payment>,
  | "id"
  | "payment_intent_id"
  | "state"
  | "amount_minor"
  | "fee_minor"
  | "refunded_minor"
  | "dispute"
  | "received_at"
  | "created_at"
>;

/** Our payments on an account: those received since an instant, and those with one of some ids at the processor. */
export function listOurPayments(
  tx: Tx,
  firmId: string,
  accountId: string,
  wish: { since: Date; paymentIntentIds: string[] },
): Promise<OurPayment[]> {
  return tx
    .selectFrom("payment")
    .select([
      "id",
      "payment_intent_id",
      "state",
      "amount_minor",
      "fee_minor",
      "refunded_minor",
      "dispute",
      "received_at",
      "created_at",
    ])
    .where("firm_id", "=", firmId)
    .where("merchant_account_id", "=", accountId)
    .where((eb) =>
      eb.or([
        eb("received_at", ">=", wish.since),
        ...(wish.paymentIntentIds.length > 0 ? [eb("payment_intent_id", "in", wish.paymentIntentIds)] : []),
      ]),
    )
    .execute();
}

export type PostedEntry = Pick<
  Selectable<Posting>,
  "id" | "kind" | "reference" | "external_id" | "payment_id" | "posted_at" | "amount_minor"
>;

/** Entries written through the API into one system since an instant, in order, behind the id `after`. */
export function listPosted(
  tx: Tx,
  firmId: string,
  connectionId: string,
  wish: { since: Date; before: Date; after: string | undefined; limit: number },
): Promise<PostedEntry[]> {
  return posted(tx, firmId, connectionId)
    .where("posted_at", ">=", wish.since)
    .where("posted_at", "<=", wish.before)
    .$if(wish.after !== undefined, (query) => query.where("id", ">", wish.after ?? ""))
    .orderBy("id")
    .limit(wish.limit)
    .execute();
}

/** Some of the entries by their ids, as far as they still count as posted. */
export function listPostedByIds(
  tx: Tx,
  firmId: string,
  connectionId: string,
  ids: string[],
): Promise<PostedEntry[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return posted(tx, firmId, connectionId).where("id", "in", ids).execute();
}

function posted(tx: Tx, firmId: string, connectionId: string) {
  return tx
    .selectFrom("posting")
    .select(["id", "kind", "reference", "external_id", "payment_id", "posted_at", "amount_minor"])
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("state", "=", "posted")
    .where("posted_by", "=", "api");
}

export type AuthorizedConnection = { id: string; connector: string };

export function listAuthorized(tx: Tx, firmId: string): Promise<AuthorizedConnection[]> {
  return tx
    .selectFrom("connection")
    .select(["id", "connector"])
    .where("firm_id", "=", firmId)
    .where("state", "=", "authorized")
    .orderBy("created_at")
    .execute();
}

type Unposted = { id: string; merchantAccountId: string; amountMinor: bigint; postedMinor: bigint };

/**
 * Payments received between two instants whose postings, in whatever state and with their stated reasons, do not add up to them: each
 * payment has its postings or a reason.
 */
export async function listUnposted(
  tx: Tx,
  firmId: string,
  wish: { since: Date; before: Date; limit: number },
): Promise<Unposted[]> {
  const { rows } = await sql<Unposted>`
    select p.id, p.merchant_account_id as "merchantAccountId", p.amount_minor as "amountMinor",
      coalesce(sum(g.amount_minor), 0)::bigint as "postedMinor"
    from payment p
    left join posting g on g.firm_id = p.firm_id and g.payment_id = p.id and g.kind <> 'reversal' and g.cause = 'payment'
    where p.firm_id = ${firmId} and p.state = 'succeeded' and p.received_at between ${wish.since} and ${wish.before}
    group by p.firm_id, p.id
    having p.amount_minor <> coalesce(sum(g.amount_minor), 0)
    order by p.id
    limit ${wish.limit}`.execute(tx);
  return rows;
}

type Stuck = { id: string; paymentId: string; connectionId: string | null; since: Date };

/** Postings that should have been written long ago: under way by themselves since before an instant, on a connection that works. */
export async function listStuck(tx: Tx, firmId: string, before: Date, limit: number): Promise<Stuck[]> {
  const rows = await tx
    .selectFrom("posting as g")
    .innerJoin("connection as c", (join) =>
      join.onRef("c.firm_id", "=", "g.firm_id").onRef("c.id", "=", "g.connection_id"),
    )
    .select(["g.id", "g.payment_id", "g.connection_id", "g.created_at"])
    .where("g.firm_id", "=", firmId)
    .where("g.state", "in", ["ready", "posting"])
    .where("g.created_at", "<", before)
    .where("c.state", "=", "authorized")
    .where((eb) => eb.or([eb("c.posting_release", "=", "automatic"), eb("g.released_at", "<", before)]))
    .orderBy("g.created_at")
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    paymentId: row.payment_id,
    connectionId: row.connection_id,
    since: row.created_at,
  }));
}

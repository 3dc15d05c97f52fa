import { type Selectable, sql } from "kysely";
import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import type { Discrepancy } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type DiscrepancyRow = Selectable<Discrepancy>;
export type DiscrepancyKind = DiscrepancyRow["kind"];

/** Something that does not agree: what it is about, whose it is, and what each side says, amounts as text. */
export type Finding = {
  kind: DiscrepancyKind;
  objectId: string;
  accountId?: string | null | undefined;
  connectionId?: string | null | undefined;
  paymentId?: string | null | undefined;
  postingId?: string | null | undefined;
  depositId?: string | null | undefined;
  facts: Readonly<Record<string, string | null>>;
};

/** A kind and an object that were looked at. */
export type Examined = { kind: DiscrepancyKind; objectId: string };

/**
 * Raises a finding, once. What was raised before takes the new facts and stays where it is; what agreed again meanwhile, and what a
 * bookkeeper closed over other facts, is open anew. Returns its id when it was opened by this.
 */
export async function upsertFinding(
  tx: Tx,
  firmId: string,
  finding: Finding,
  now: Date,
): Promise<string | undefined> {
  const facts = JSON.stringify(finding.facts);
  const { rows } = await sql<{ id: string }>`
    insert into discrepancy as x (firm_id, kind, object_id, merchant_account_id, connection_id, payment_id, posting_id, deposit_id,
      facts, found_at)
    values (${firmId}, ${finding.kind}, ${finding.objectId}, ${finding.accountId ?? null}, ${finding.connectionId ?? null},
      ${finding.paymentId ?? null}, ${finding.postingId ?? null}, ${finding.depositId ?? null}, ${facts}::jsonb, ${now})
    on conflict on constraint discrepancy_once do update
      set facts = excluded.facts, found_at = excluded.found_at, payment_id = coalesce(excluded.payment_id, x.payment_id),
        closed_at = null, closed_how = null, closed_by = null, note = null
      where x.closed_how = 'agrees' or (x.closed_how = 'member' and x.facts <> excluded.facts)
    returning x.id`.execute(tx);
  if (rows[0]) return rows[0].id;
  await sql`
    update discrepancy set facts = ${facts}::jsonb
    where firm_id = ${firmId} and kind = ${finding.kind} and object_id = ${finding.objectId} and closed_at is null
      and facts <> ${facts}::jsonb`.execute(tx);
  return undefined;
}

/** Closes what was looked at and agrees again. Returns what was closed. */
export async function closeAgreeing(
  tx: Tx,
  firmId: string,
  examined: readonly Examined[],
  now: Date,
): Promise<DiscrepancyRow[]> {
  if (examined.length === 0) return [];
  const rows = JSON.stringify(examined.map(({ kind, objectId }) => ({ kind, object_id: objectId })));
  const { rows: closed } = await sql<DiscrepancyRow>`
    update discrepancy x set closed_at = ${now}, closed_how = 'agrees'
    from jsonb_to_recordset(${rows}::jsonb) as e (kind text, object_id text)
    where x.firm_id = ${firmId} and x.kind = e.kind and x.object_id = e.object_id and x.closed_at is null
    returning x.*`.execute(tx);
  return closed;
}

/** Locks one discrepancy. Throws `not_found`, also for one of another firm. */
export async function lockDiscrepancy(tx: Tx, firmId: string, id: string): Promise<DiscrepancyRow> {
  if (!isId(id)) throw notFound("difference");
  const row = await tx
    .selectFrom("discrepancy")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound("difference");
  return row;
}

export function closeByMember(
  tx: Tx,
  firmId: string,
  id: string,
  by: { memberId: string; note: string; at: Date },
): Promise<DiscrepancyRow> {
  return tx
    .updateTable("discrepancy")
    .set({ closed_at: by.at, closed_how: "member", closed_by: by.memberId, note: by.note })
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Open differences of some kinds about an account, a connection or anything, so that they are looked at again. */
export async function listOpenObjects(
  tx: Tx,
  firmId: string,
  kinds: readonly DiscrepancyKind[],
  of: { accountId?: string; connectionId?: string },
  limit: number,
): Promise<DiscrepancyRow[]> {
  return await tx
    .selectFrom("discrepancy")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("kind", "in", kinds)
    .where("closed_at", "is", null)
    .$if(of.accountId !== undefined, (query) => query.where("merchant_account_id", "=", of.accountId ?? ""))
    .$if(of.connectionId !== undefined, (query) => query.where("connection_id", "=", of.connectionId ?? ""))
    .orderBy("found_at")
    .limit(limit)
    .execute();
}

/** A difference with what the screen names of its objects. */
export type ListedDiscrepancy = DiscrepancyRow & {
  paymentReference: string | null;
  payerName: string | null;
  linkId: string | null;
  currency: string;
  postingReference: string | null;
  depositReference: string | null;
  arrivesOn: string | null;
  accountName: string | null;
  accountKind: "operating" | "trust" | null;
  last4: string | null;
  connector: string | null;
  closedByName: string | null;
};

/** Open or closed differences, alarms about client money first, then the oldest; of the closed the latest. */
export function listDiscrepancies(
  tx: Tx,
  firmId: string,
  wish: { open: boolean; limit: number; id?: string; depositId?: string },
): Promise<ListedDiscrepancy[]> {
  return tx
    .selectFrom("discrepancy as x")
    .leftJoin("payment as p", (join) =>
      join.onRef("p.firm_id", "=", "x.firm_id").onRef("p.id", "=", "x.payment_id"),
    )
    .leftJoin("posting as g", (join) =>
      join.onRef("g.firm_id", "=", "x.firm_id").onRef("g.id", "=", "x.posting_id"),
    )
    .leftJoin("deposit as d", (join) =>
      join.onRef("d.firm_id", "=", "x.firm_id").onRef("d.id", "=", "x.deposit_id"),
    )
    .leftJoin("merchant_account as a", (join) =>
      join.onRef("a.firm_id", "=", "x.firm_id").onRef("a.id", "=", "x.merchant_account_id"),
    )
    .leftJoin("connection as c", (join) =>
      join.onRef("c.firm_id", "=", "x.firm_id").onRef("c.id", "=", "x.connection_id"),
    )
    .leftJoin("member as m", (join) =>
      join.onRef("m.firm_id", "=", "x.firm_id").onRef("m.id", "=", "x.closed_by"),
    )
    .leftJoin("person as n", "n.id", "m.person_id")
    .innerJoin("firm as f", "f.id", "x.firm_id")
    .selectAll("x")
    .select((eb) => [
      "p.reference as paymentReference",
      "p.payer_name as payerName",
      "p.link_id as linkId",
      eb.fn.coalesce("p.currency", "d.currency", "a.currency", "f.currency").as("currency"),
      "g.reference as postingReference",
      "d.reference as depositReference",
      "d.arrives_on as arrivesOn",
      "a.name as accountName",
      "a.kind as accountKind",
      "a.last4",
      "c.connector",
      "n.name as closedByName",
    ])
    .where("x.firm_id", "=", firmId)
    .where("x.closed_at", wish.open ? "is" : "is not", null)
    .$if(wish.id !== undefined, (query) => query.where("x.id", "=", wish.id ?? ""))
    .$if(wish.depositId !== undefined, (query) => query.where("x.deposit_id", "=", wish.depositId ?? ""))
    .orderBy(sql`case when x.kind in ('trust_fee', 'trust_dispute') then 0 else 1 end`)
    .orderBy(wish.open ? sql`x.found_at` : sql`x.closed_at desc`)
    .orderBy("x.id")
    .limit(wish.limit)
    .execute();
}

/** How many differences are open, and how many of them are alarms about client money. */
export async function countOpen(tx: Tx, firmId: string): Promise<{ all: number; alarms: number }> {
  const row = await tx
    .selectFrom("discrepancy")
    .select((eb) => [
      eb.fn.countAll<bigint>().as("all"),
      sql<bigint>`count(*) filter (where kind in ('trust_fee', 'trust_dispute'))`.as("alarms"),
    ])
    .where("firm_id", "=", firmId)
    .where("closed_at", "is", null)
    .executeTakeFirstOrThrow();
  return { all: Number(row.all), alarms: Number(row.alarms) };
}

/** The open alarm about client money, or other difference, that was found last, since an instant and where wanted until another. */
export function findLatestOpen(
  tx: Tx,
  firmId: string,
  wish: { alarms: boolean; since: Date; until?: Date },
): Promise<DiscrepancyRow | undefined> {
  return tx
    .selectFrom("discrepancy")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("kind", wish.alarms ? "in" : "not in", ["trust_fee", "trust_dispute"])
    .where("closed_at", "is", null)
    .where("found_at", ">=", wish.since)
    .$if(wish.until !== undefined, (query) => query.where("found_at", "<=", wish.until ?? wish.since))
    .orderBy("found_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
}

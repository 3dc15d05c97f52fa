import type { Selectable } from "kysely";
import type { Connection } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { PostingRow } from "./queries.ts";

/** A posting of a connection that may be written now. */
export type DuePosting = Pick<PostingRow, "id" | "kind">;

/** The postings of a connection that may be written now, in the order in which they go. */
export function listNext(
  tx: Tx,
  firmId: string,
  connectionId: string,
  now: Date,
  limit: number,
): Promise<DuePosting[]> {
  return underWay(tx, firmId)
    .select(["posting.id", "posting.kind"])
    .where("posting.connection_id", "=", connectionId)
    .where((eb) => eb.or([eb("posting.next_try_at", "is", null), eb("posting.next_try_at", "<=", now)]))
    .orderBy("posting.sequence")
    .limit(limit)
    .execute();
}

/** When the first of a connection's postings that are not due yet is; undefined when none waits for its time. */
export async function findNextTry(tx: Tx, firmId: string, connectionId: string): Promise<Date | undefined> {
  const row = await underWay(tx, firmId)
    .select((eb) => eb.fn.min("posting.next_try_at").as("next_try_at"))
    .where("posting.connection_id", "=", connectionId)
    .executeTakeFirst();
  return row?.next_try_at ?? undefined;
}

/** The connections with postings that should have been tried by `before` and may be, where nobody waits for the system. */
export async function listDueConnections(tx: Tx, firmId: string, before: Date, now: Date): Promise<string[]> {
  const rows = await underWay(tx, firmId)
    .select("connection.id")
    .distinct()
    .where((eb) => eb(eb.fn.coalesce("posting.next_try_at", "posting.updated_at"), "<=", before))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("posting_hold")
            .select("posting_hold.firm_id")
            .whereRef("posting_hold.firm_id", "=", "posting.firm_id")
            .whereRef("posting_hold.connection_id", "=", "posting.connection_id")
            .where("posting_hold.held_until", ">", now),
        ),
      ),
    )
    .orderBy("connection.id")
    .execute();
  return rows.map((row) => row.id);
}

/** Released postings, and tries under way, of connections through which something can be done about them. */
function underWay(tx: Tx, firmId: string) {
  const open: Selectable<Connection>["state"][] = ["authorized", "disconnected"];
  return tx
    .selectFrom("posting")
    .innerJoin("connection", (join) =>
      join
        .onRef("connection.firm_id", "=", "posting.firm_id")
        .onRef("connection.id", "=", "posting.connection_id"),
    )
    .where("posting.firm_id", "=", firmId)
    .where("posting.state", "in", ["ready", "posting"])
    .where("connection.state", "in", open)
    .where((eb) =>
      eb.or([
        eb("posting.state", "=", "posting"),
        eb("connection.posting_release", "=", "automatic"),
        eb("posting.released_at", "is not", null),
      ]),
    );
}

/** Payments that arrived since an instant and have no posting at all: their job was lost for good. */
export async function listUnprepared(
  tx: Tx,
  firmId: string,
  arrived: { after: Date; before: Date },
  limit: number,
): Promise<string[]> {
  const rows = await tx
    .selectFrom("payment")
    .select("id")
    .where("firm_id", "=", firmId)
    .where("state", "=", "succeeded")
    .where("created_at", ">", arrived.after)
    .where("received_at", "<", arrived.before)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("posting")
            .select("posting.id")
            .whereRef("posting.firm_id", "=", "payment.firm_id")
            .whereRef("posting.payment_id", "=", "payment.id"),
        ),
      ),
    )
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Postings written through the API that the matter system has not shown yet, those due for a look longest first. */
export function listUnconfirmed(
  tx: Tx,
  firmId: string,
  connectionId: string,
  now: Date,
  limit: number,
): Promise<PostingRow[]> {
  return tx
    .selectFrom("posting")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("connection_id", "=", connectionId)
    .where("state", "=", "posted")
    .where("posted_by", "=", "api")
    .where("confirmed_at", "is", null)
    .where((eb) => eb.or([eb("next_try_at", "is", null), eb("next_try_at", "<=", now)]))
    .orderBy("posted_at")
    .limit(limit)
    .execute();
}

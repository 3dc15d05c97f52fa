import { formatAgo } from "../base/day.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import type { ConnectionNote } from "../ui/nav.tsx";

/** What stands around every staff page and comes from the database. */
type Frame = { connection: ConnectionNote | undefined; attentionCount: number };

/** Reads the frame of a firm's pages: the state of its matter system and the postings that wait for a person. */
export function readFrame(cx: Context, firmId: string): Promise<Frame> {
  return withFirm(cx.database, firmId, async (tx) => ({
    connection: await readConnectionNote(cx, tx, firmId),
    attentionCount: await countAttention(tx, firmId),
  }));
}

async function readConnectionNote(cx: Context, tx: Tx, firmId: string): Promise<ConnectionNote | undefined> {
  const rows = await tx
    .selectFrom("connection")
    .select(["connector", "state", "last_synced_at"])
    .where("firm_id", "=", firmId)
    .where("state", "!=", "disconnected")
    .orderBy("created_at")
    .execute();
  const first = rows[0];
  if (!first) return undefined;
  const broken = rows.filter((row) => row.state === "needs_authorization").length;
  const help = broken === 1 ? "1 connection needs help" : `${broken} connections need help`;
  return {
    system: cx.connectors.get(first.connector)?.connector.manifest.name ?? first.connector,
    words: first.last_synced_at ? `Read ${formatAgo(first.last_synced_at, cx.now())}` : "Not read yet",
    ...(broken > 0 ? { help: { label: help, href: "/settings/connections" } } : {}),
  };
}

async function countAttention(tx: Tx, firmId: string): Promise<number> {
  const row = await tx
    .selectFrom("tally")
    .select((eb) => eb.fn.coalesce(eb.fn.sum<number>("delta"), eb.lit(0)).as("count"))
    .where("firm_id", "=", firmId)
    .where("family", "=", "posting")
    .where("state", "=", "needs_attention")
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

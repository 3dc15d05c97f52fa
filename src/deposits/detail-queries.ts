import { type Selectable, sql } from "kysely";
import type { DepositLine, Payment } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";

export type LineKind = Selectable<DepositLine>["kind"];

/** The kinds in the order in which a deposit shows them. */
export const KINDS: readonly LineKind[] = [
  "payment",
  "refund",
  "refund_failure",
  "dispute",
  "dispute_reversal",
  "fee",
  "adjustment",
  "returned_deposit",
  "other",
];

/** A line with the payment that it belongs to, as the page and the export show it. */
export type ShownLine = Selectable<DepositLine> & {
  paymentReference: string | null;
  payerName: string | null;
  methodLabel: string | null;
  linkId: string | null;
  linkReference: string | null;
  paidMinor: Selectable<Payment>["amount_minor"] | null;
  paidFeeMinor: bigint | null;
  /** Statements that the payment lies on, by number. */
  statements: string[];
  matters: string[];
  notedByName: string | null;
  returnedReference: string | null;
};

/** Where a page of lines begins: behind this line. */
export type LineAnchor = { rank: number; happenedAt: Date; id: string };

/** A page of a deposit's lines: by kind, each by time. `unexplained` gives only those that our books do not explain. */
export function listShownLines(
  tx: Tx,
  firmId: string,
  depositId: string,
  wish: { after?: LineAnchor | undefined; limit: number; unexplained?: boolean; id?: string },
): Promise<ShownLine[]> {
  return tx
    .selectFrom("deposit_line as l")
    .leftJoin("payment as p", (join) =>
      join.onRef("p.firm_id", "=", "l.firm_id").onRef("p.id", "=", "l.payment_id"),
    )
    .leftJoin("payment_link as k", (join) =>
      join.onRef("k.firm_id", "=", "p.firm_id").onRef("k.id", "=", "p.link_id"),
    )
    .leftJoin("deposit as b", (join) =>
      join.onRef("b.firm_id", "=", "l.firm_id").onRef("b.id", "=", "l.returned_deposit_id"),
    )
    .leftJoin("member as m", (join) =>
      join.onRef("m.firm_id", "=", "l.firm_id").onRef("m.id", "=", "l.noted_by"),
    )
    .leftJoin("person as n", "n.id", "m.person_id")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("payment_allocation as c")
          .innerJoin("statement as s", (join) =>
            join.onRef("s.firm_id", "=", "c.firm_id").onRef("s.id", "=", "c.statement_id"),
          )
          .innerJoin("matter as t", (join) =>
            join.onRef("t.firm_id", "=", "s.firm_id").onRef("t.id", "=", "s.matter_id"),
          )
          .select([
            sql<string[]>`array_agg(s.number order by c.position)`.as("statements"),
            sql<string[]>`array_agg(distinct t.number)`.as("matters"),
          ])
          .whereRef("c.firm_id", "=", "p.firm_id")
          .whereRef("c.payment_id", "=", "p.id")
          .as("laid"),
      (join) => join.onTrue(),
    )
    .selectAll("l")
    .select([
      "p.reference as paymentReference",
      "p.payer_name as payerName",
      "p.method_label as methodLabel",
      "p.link_id as linkId",
      "p.amount_minor as paidMinor",
      "p.fee_minor as paidFeeMinor",
      "k.reference as linkReference",
      sql<string[]>`coalesce(laid.statements, '{}')`.as("statements"),
      sql<string[]>`coalesce(laid.matters, '{}')`.as("matters"),
      "n.name as notedByName",
      "b.reference as returnedReference",
    ])
    .where("l.firm_id", "=", firmId)
    .where("l.deposit_id", "=", depositId)
    .$if(wish.id !== undefined, (query) => query.where("l.id", "=", wish.id ?? ""))
    .$if(wish.unexplained === true, (query) =>
      query.where("l.problem", "is not", null).where("l.note", "is", null),
    )
    .$if(wish.after !== undefined, (query) => query.where(behind(wish.after)))
    .orderBy(rank())
    .orderBy("l.happened_at")
    .orderBy("l.id")
    .limit(wish.limit)
    .execute();
}

/** The place of a line in that order. */
export function anchorOf(line: Pick<ShownLine, "kind" | "happened_at" | "id">): LineAnchor {
  return { rank: KINDS.indexOf(line.kind), happenedAt: line.happened_at, id: line.id };
}

function rank() {
  return sql<number>`array_position(${sql.lit(`{${KINDS.join(",")}}`)}::text[], l.kind) - 1`;
}

function behind(anchor: LineAnchor | undefined) {
  return sql<boolean>`(${rank()}, l.happened_at, l.id)
    > (${anchor?.rank ?? 0}, ${anchor?.happenedAt ?? new Date(0)}::timestamptz, ${anchor?.id ?? ""}::uuid)`;
}

export type KindTotal = {
  kind: LineKind;
  count: number;
  grossMinor: bigint;
  feeMinor: bigint;
  netMinor: bigint;
};

/** What each kind adds up to. */
export async function sumByKind(tx: Tx, firmId: string, depositId: string): Promise<KindTotal[]> {
  const rows = await tx
    .selectFrom("deposit_line as l")
    .select((eb) => [
      "l.kind",
      eb.fn.countAll<bigint>().as("count"),
      sql<bigint>`sum(l.gross_minor)::bigint`.as("grossMinor"),
      sql<bigint>`sum(l.fee_minor)::bigint`.as("feeMinor"),
      sql<bigint>`sum(l.net_minor)::bigint`.as("netMinor"),
    ])
    .where("l.firm_id", "=", firmId)
    .where("l.deposit_id", "=", depositId)
    .groupBy("l.kind")
    .execute();
  const totals = rows.map((row) => ({ ...row, count: Number(row.count) }));
  return totals.sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
}

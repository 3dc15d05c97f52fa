import { type Selectable, sql, type Updateable } from "kysely";
import { notFound } from "../base/error.ts";
import { isId, newId } from "../base/id.ts";
import { toRecordset } from "../db/recordset.ts";
import type { Deposit, DepositLine } from "../db/schema.ts";
import type { Tx } from "../db/tx.ts";
import type { Movement } from "../stripe/movement.ts";
import type { DepositLineRow } from "./queries.ts";

/** Keeps movements as lines of a deposit. Those that are kept already stay as they are: a movement never changes. */
export async function insertLines(
  tx: Tx,
  firmId: string,
  depositId: string,
  movements: readonly Movement[],
): Promise<void> {
  if (movements.length === 0) return;
  await tx
    .insertInto("deposit_line")
    .values(
      movements.map((movement) => ({
        firm_id: firmId,
        id: newId(),
        deposit_id: depositId,
        transaction_id: movement.transactionId,
        kind: movement.kind,
        processor_type: movement.processorType,
        source_id: movement.sourceId ?? null,
        payment_intent_id: movement.paymentIntentId ?? null,
        gross_minor: movement.grossMinor,
        fee_minor: movement.feeMinor,
        net_minor: movement.netMinor,
        description: movement.description,
        happened_at: movement.happenedAt,
      })),
    )
    .onConflict((conflict) => conflict.constraint("deposit_line_once").doNothing())
    .execute();
}

/** A line with what our books hold about it. */
export type JudgedLine = DepositLineRow & {
  ourPaymentId: string | null;
  paidMinor: bigint | null;
  paidFeeMinor: bigint | null;
  paymentState: "processing" | "succeeded" | "failed" | null;
  paymentDispute: "none" | "open" | "won" | "lost" | null;
  refundMinor: bigint | null;
  refundState: string | null;
  disputeMinor: bigint | null;
  returnedId: string | null;
  returnedMinor: bigint | null;
};

/** A page of a deposit's lines behind the id `after`, each with what our books hold about its source. */
export function listLinesToJudge(
  tx: Tx,
  firmId: string,
  deposit: Pick<Selectable<Deposit>, "id" | "processor_account">,
  after: string | undefined,
  limit: number,
): Promise<JudgedLine[]> {
  return tx
    .selectFrom("deposit_line as l")
    .leftJoin("payment as p", (join) =>
      join
        .onRef("p.firm_id", "=", "l.firm_id")
        .onRef("p.payment_intent_id", "=", "l.payment_intent_id")
        .on("p.processor_account", "=", deposit.processor_account),
    )
    .leftJoin("refund as r", (join) =>
      join.onRef("r.firm_id", "=", "l.firm_id").onRef("r.processor_refund_id", "=", "l.source_id"),
    )
    .leftJoin("dispute as d", (join) =>
      join.onRef("d.firm_id", "=", "l.firm_id").onRef("d.processor_dispute_id", "=", "l.source_id"),
    )
    .leftJoin("deposit as b", (join) =>
      join
        .onRef("b.firm_id", "=", "l.firm_id")
        .onRef("b.payout_id", "=", "l.source_id")
        .on("b.state", "=", "failed"),
    )
    .selectAll("l")
    .select([
      "p.id as ourPaymentId",
      "p.amount_minor as paidMinor",
      "p.fee_minor as paidFeeMinor",
      "p.state as paymentState",
      "p.dispute as paymentDispute",
      "r.amount_minor as refundMinor",
      "r.state as refundState",
      "d.amount_minor as disputeMinor",
      "b.id as returnedId",
      "b.amount_minor as returnedMinor",
    ])
    .where("l.firm_id", "=", firmId)
    .where("l.deposit_id", "=", deposit.id)
    .$if(after !== undefined, (query) => query.where("l.id", ">", after ?? ""))
    .orderBy("l.id")
    .limit(limit)
    .execute();
}

export type LineVerdict = Pick<
  Selectable<DepositLine>,
  "id" | "payment_id" | "returned_deposit_id" | "expected_minor" | "problem"
>;

/** Writes what was found about many lines. */
export async function updateVerdicts(
  tx: Tx,
  firmId: string,
  verdicts: readonly LineVerdict[],
): Promise<void> {
  if (verdicts.length === 0) return;
  const rows = toRecordset(verdicts, (verdict) => verdict);
  await sql`
    update deposit_line l
    set payment_id = v.payment_id, returned_deposit_id = v.returned_deposit_id, expected_minor = v.expected_minor, problem = v.problem
    from jsonb_to_recordset(${rows}::jsonb)
      as v (id uuid, payment_id uuid, returned_deposit_id uuid, expected_minor bigint, problem text)
    where l.firm_id = ${firmId} and l.id = v.id`.execute(tx);
}

type LineSums = { linesMinor: bigint; expectedMinor: bigint; unexplained: number };

/** What a deposit's lines add up to. A line with a bookkeeper's note counts as it stands. */
export async function sumLines(tx: Tx, firmId: string, depositId: string): Promise<LineSums> {
  const { rows } = await sql<{ lines: bigint; expected: bigint; unexplained: bigint }>`
    select coalesce(sum(net_minor), 0)::bigint as lines,
      coalesce(sum(case when note is null then expected_minor else net_minor end), 0)::bigint as expected,
      count(*) filter (where problem is not null and note is null) as unexplained
    from deposit_line where firm_id = ${firmId} and deposit_id = ${depositId}`.execute(tx);
  const [sums] = rows;
  return {
    linesMinor: sums?.lines ?? 0n,
    expectedMinor: sums?.expected ?? 0n,
    unexplained: Number(sums?.unexplained ?? 0),
  };
}

/** Locks one line. Throws `not_found`, also for one of another deposit or firm. */
export async function lockLine(
  tx: Tx,
  firmId: string,
  depositId: string,
  id: string,
): Promise<DepositLineRow> {
  if (!isId(id)) throw notFound("line");
  const row = await tx
    .selectFrom("deposit_line")
    .selectAll()
    .where("firm_id", "=", firmId)
    .where("deposit_id", "=", depositId)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound("line");
  return row;
}

export async function updateLine(
  tx: Tx,
  firmId: string,
  id: string,
  change: Updateable<DepositLine>,
): Promise<void> {
  await tx
    .updateTable("deposit_line")
    .set(change)
    .where("firm_id", "=", firmId)
    .where("id", "=", id)
    .execute();
}

/** Whether the money of a deposit that came back is in a later one that did not. */
export async function isPaidOutAgain(tx: Tx, firmId: string, depositId: string): Promise<boolean> {
  const found = await tx
    .selectFrom("deposit_line as l")
    .innerJoin("deposit as d", (join) =>
      join.onRef("d.firm_id", "=", "l.firm_id").onRef("d.id", "=", "l.deposit_id"),
    )
    .select("l.id")
    .where("l.firm_id", "=", firmId)
    .where("l.returned_deposit_id", "=", depositId)
    .where("d.state", "=", "paid")
    .executeTakeFirst();
  return found !== undefined;
}

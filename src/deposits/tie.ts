import type { FirmContext } from "../context.ts";
import type { Tx } from "../db/tx.ts";
import type { Finding } from "./discrepancy-queries.ts";
import { type Judgement, judge, type Known } from "./judge.ts";
import {
  isPaidOutAgain,
  type JudgedLine,
  type LineVerdict,
  listLinesToJudge,
  sumLines,
  updateVerdicts,
} from "./line-queries.ts";
import { type DepositRow, updateDeposit } from "./queries.ts";
import { settleFindings } from "./raise.ts";

/** Lines in memory at once. */
const PAGE_SIZE = 500;

/**
 * Holds every line of a locked deposit against our books, adds them up, and raises what does not tie, or closes it when it ties again.
 * Returns the deposit as it stands afterwards. Twice comes to the same end.
 */
export async function tieDeposit(tx: Tx, who: FirmContext, deposit: DepositRow): Promise<DepositRow> {
  await judgeLines(tx, who.firmId, deposit);
  const sums = await sumLines(tx, who.firmId, deposit.id);
  const tied = await updateDeposit(tx, who.firmId, deposit.id, {
    lines_minor: sums.linesMinor,
    expected_minor: sums.expectedMinor,
    unexplained_count: sums.unexplained,
  });
  await settleFindings(tx, who, {
    examined: [
      { kind: "deposit_untied", objectId: tied.id },
      { kind: "deposit_failed", objectId: tied.id },
    ],
    findings: await findingsOf(tx, tied),
  });
  return tied;
}

async function judgeLines(tx: Tx, firmId: string, deposit: DepositRow): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const lines = await listLinesToJudge(tx, firmId, deposit, after, PAGE_SIZE);
    await updateVerdicts(
      tx,
      firmId,
      lines.map((line) => verdictOf(line)).filter((verdict, index) => isNew(lines[index], verdict)),
    );
    after = lines.at(-1)?.id;
    if (after === undefined || lines.length < PAGE_SIZE) return;
  }
}

function verdictOf(line: JudgedLine): LineVerdict {
  const { expectedMinor, problem } = judgeLine(line);
  return {
    id: line.id,
    payment_id: line.ourPaymentId,
    returned_deposit_id: line.kind === "returned_deposit" ? line.returnedId : null,
    expected_minor: expectedMinor,
    problem,
  };
}

function judgeLine(line: JudgedLine): Judgement {
  const moved = {
    kind: line.kind,
    grossMinor: line.gross_minor,
    feeMinor: line.fee_minor,
    netMinor: line.net_minor,
  };
  return judge(moved, knownOf(line));
}

function knownOf(line: JudgedLine): Known {
  const amount = <Facts>(minor: bigint | null, facts: Facts) =>
    minor === null ? undefined : { amountMinor: minor, ...facts };
  return {
    payment: amount(line.paidMinor, {
      feeMinor: line.paidFeeMinor ?? 0n,
      hasArrived: line.paymentState === "succeeded",
      isDisputed: line.paymentDispute !== null && line.paymentDispute !== "none",
    }),
    refund: amount(line.refundMinor, { hasFailed: line.refundState === "failed" }),
    dispute: amount(line.disputeMinor, {}),
    returned: amount(line.returnedMinor, {}),
  };
}

function isNew(line: JudgedLine | undefined, verdict: LineVerdict): boolean {
  return (
    line === undefined ||
    line.payment_id !== verdict.payment_id ||
    line.returned_deposit_id !== verdict.returned_deposit_id ||
    line.expected_minor !== verdict.expected_minor ||
    line.problem !== verdict.problem
  );
}

/** A deposit that the bank sent back is one difference only: whether it ties matters no more. */
async function findingsOf(tx: Tx, deposit: DepositRow): Promise<Finding[]> {
  const about = {
    objectId: deposit.id,
    accountId: deposit.merchant_account_id,
    depositId: deposit.id,
  };
  if (deposit.state === "failed") {
    if (await isPaidOutAgain(tx, deposit.firm_id, deposit.id)) return [];
    const facts = { amountMinor: String(deposit.amount_minor), reason: deposit.failure_reason };
    return [{ ...about, kind: "deposit_failed", facts }];
  }
  if (deposit.ties !== false || deposit.state === "cancelled") return [];
  const facts = {
    differenceMinor: String(deposit.difference_minor),
    lines: String(deposit.unexplained_count),
  };
  return [{ ...about, kind: "deposit_untied", facts }];
}

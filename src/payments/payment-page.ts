import { notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { sumMinor } from "../base/money.ts";
import type { Context } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { isOut } from "./dispute-state.ts";
import {
  countStuckReversals,
  findPaymentFacts,
  type LineStatement,
  listAskers,
  listLineStatements,
  type PaymentFacts,
} from "./page-queries.ts";
import { whyNoRefund } from "./plan-refund.ts";
import { holdsMoney } from "./refund-state.ts";
import { laidOf, readUndone, type Undone } from "./undone-left.ts";

export type PageLine = Undone["lines"][number] & { statement: LineStatement | undefined };

/** All that the page of one payment shows. */
export type PaymentPage = {
  payment: PaymentFacts;
  lines: PageLine[];
  refunds: (Undone["refunds"][number] & { askedBy: string })[];
  disputes: Undone["disputes"];
  /** What went back and lies on no line yet. */
  unlaidMinor: bigint;
  /** Why nothing can be refunded; undefined when something can. */
  refusal: string | undefined;
  stuckReversals: number;
  /** The payment at the processor's own screens. */
  processorUrl: string;
};

/** Reads the page of a payment. Throws `not_found`, also for a payment of another firm. */
export function readPaymentPage(cx: Context, firmId: string, id: string): Promise<PaymentPage> {
  return withFirm(cx.database, firmId, async (tx) => {
    const payment = isId(id) ? await findPaymentFacts(tx, firmId, id) : undefined;
    if (!payment) throw notFound("payment");
    const undone = await readUndone(tx, firmId, id);
    const statements = await listLineStatements(tx, firmId, id);
    const askers = await listAskers(tx, firmId, undone.refunds);
    return {
      payment,
      lines: undone.lines.map((line) => ({
        ...line,
        statement: statements.find((each) => each.allocationId === line.allocationId),
      })),
      refunds: undone.refunds.map((refund) => ({ ...refund, askedBy: askers.get(refund.id) ?? "" })),
      disputes: undone.disputes,
      unlaidMinor: unlaidOf(undone),
      refusal: whyNoRefund(payment, undone),
      stuckReversals: await countStuckReversals(tx, firmId, id),
      processorUrl: `${cx.config.processorDashboard}/${payment.processor_account}/payments/${payment.payment_intent_id}`,
    };
  });
}

function unlaidOf({ refunds, disputes, parts }: Undone): bigint {
  const waiting = [
    ...refunds.filter((refund) => !refund.is_laid && holdsMoney(refund.state)),
    ...disputes.filter((dispute) => !dispute.is_laid && isOut(dispute.turn)),
  ];
  return sumMinor(waiting.map((each) => each.amount_minor - laidOf(parts, each.id)));
}

/** `Statement 20391`, `Trust request TR-0607`, or what the payment was for where it lies on none. */
export function lineWords(line: PageLine, payment: Pick<PaymentFacts, "linkDescription">): string {
  if (!line.statement) return payment.linkDescription;
  const word = line.statement.kind === "trust_request" ? "Trust request" : "Statement";
  return `${word} ${line.statement.number}`;
}

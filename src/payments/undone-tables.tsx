import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { IconName } from "../ui/icons.tsx";
import { Section } from "../ui/layout.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import type { Tone } from "../ui/tone.ts";
import { type DisputeState, isOut } from "./dispute-state.ts";
import type { PaymentPage } from "./payment-page.ts";
import type { PaymentRow } from "./queries.ts";
import type { RefundState } from "./refund-state.ts";
import { disputeReasonWords } from "./refund-words.ts";
import type { DisputeRow } from "./undone-queries.ts";

type TagWords = { icon: IconName; tone?: Tone; words: string };

const REFUND_TAGS: Record<RefundState, TagWords> = {
  requested: { icon: "clock", tone: "info", words: "Asked for" },
  pending: { icon: "s-wait", tone: "info", words: "On its way" },
  succeeded: { icon: "undo", words: "Refunded" },
  failed: { icon: "s-x", tone: "bad", words: "Failed, the money is back" },
  cancelled: { icon: "s-off", words: "Canceled" },
  refused: { icon: "s-x", tone: "bad", words: "Refused" },
};

const DISPUTE_TAGS: Record<DisputeState, TagWords> = {
  inquiry: { icon: "s-alert", tone: "warn", words: "Inquiry" },
  open: { icon: "s-alert", tone: "bad", words: "Disputed" },
  won: { icon: "s-done", tone: "good", words: "Won" },
  lost: { icon: "undo", words: "Lost" },
  closed: { icon: "s-off", words: "Closed" },
};

type TableProps = { page: PaymentPage; timeZone: string };

/** The refunds of a payment, the newest first: when, by whom, why, and how far each came. */
export function RefundTable({ page, timeZone }: TableProps): JSX.Element | null {
  if (page.refunds.length === 0) return null;
  return (
    <Section id="refunds" title="Refunds" detail="Newest first">
      <DataTable label="Refunds" focusable>
        <TableHead>
          <Th>Refund</Th>
          <Th>Reason</Th>
          <Th num>Amount</Th>
          <Th>State</Th>
        </TableHead>
        <TableBody>
          {page.refunds.toReversed().map((refund) => (
            <Row>
              <RowHead
                note={
                  refund.origin === "processor" ? "Made at the card processor" : `Asked by ${refund.askedBy}`
                }
              >
                {formatInstant(refund.created_at, timeZone)}
              </RowHead>
              <Td label="Reason">{refund.note === "" ? "Not given here" : refund.note}</Td>
              <Td label="Amount" amount>
                {formatMoney({ minor: refund.amount_minor, currency: refund.currency })}
              </Td>
              <Td label="State">
                <span>
                  {toTag(REFUND_TAGS[refund.state])}
                  {refund.failure_reason === null ? null : <small>{refund.failure_reason}</small>}
                  {refund.excess_minor > 0n ? (
                    <small>{`${formatMoney({ minor: refund.excess_minor, currency: refund.currency })} went beyond the payment.`}</small>
                  ) : null}
                </span>
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

/** The disputes and bank returns of a payment, the newest first. */
export function DisputeTable({ page, timeZone }: TableProps): JSX.Element | null {
  if (page.disputes.length === 0) return null;
  return (
    <Section id="disputes" title="Disputes and bank returns" detail="Newest first">
      <DataTable label="Disputes and bank returns" focusable>
        <TableHead>
          <Th>Opened</Th>
          <Th>Reason</Th>
          <Th>Answer until</Th>
          <Th num>Amount</Th>
          <Th>State</Th>
        </TableHead>
        <TableBody>
          {page.disputes.toReversed().map((dispute) => (
            <Row>
              <RowHead note={dispute.kind === "bank_return" ? "Bank return" : "Dispute"}>
                {formatInstant(dispute.opened_at, timeZone)}
              </RowHead>
              <Td label="Reason">{disputeReasonWords(dispute.reason)}</Td>
              <Td label="Answer until">{answerWords(dispute, timeZone)}</Td>
              <Td label="Amount" amount>
                {formatMoney({ minor: dispute.amount_minor, currency: dispute.currency })}
              </Td>
              <Td label="State">
                <span>
                  {toTag(tagOf(dispute))}
                  <small>{isOut(dispute.turn) ? "The money is gone." : "The money is in the account."}</small>
                  {dispute.excess_minor > 0n ? (
                    <small>{`${formatMoney({ minor: dispute.excess_minor, currency: dispute.currency })} went beyond the payment.`}</small>
                  ) : null}
                </span>
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

function answerWords(dispute: DisputeRow, timeZone: string): string {
  if (dispute.kind === "bank_return") return "Cannot be contested";
  return dispute.evidence_due_at === null ? "Not set" : formatInstant(dispute.evidence_due_at, timeZone);
}

function tagOf(dispute: DisputeRow): TagWords {
  return dispute.kind === "bank_return" && dispute.state === "lost"
    ? { icon: "undo", words: "Returned by the bank" }
    : DISPUTE_TAGS[dispute.state];
}

/** The state of a payment with what was undone of it, in a word. */
export function PaymentStateTag({ payment }: { payment: PaymentRow }): JSX.Element {
  return toTag(stateWords(payment));
}

function stateWords(payment: PaymentRow): TagWords {
  if (payment.state === "failed") return { icon: "s-x", tone: "bad", words: "Failed" };
  if (payment.state === "processing") return { icon: "s-wait", tone: "info", words: "Processing" };
  if (payment.dispute === "open") return DISPUTE_TAGS.open;
  if (payment.dispute === "lost")
    return { icon: "undo", words: payment.method === "bank_debit" ? "Returned by the bank" : "Charged back" };
  if (payment.refunded_minor === payment.amount_minor) return REFUND_TAGS.succeeded;
  if (payment.refunded_minor > 0n) return { icon: "undo", words: "Refunded in part" };
  return { icon: "s-done", tone: "good", words: "Received" };
}

function toTag({ icon, tone, words }: TagWords): JSX.Element {
  return (
    <Tag icon={icon} tone={tone}>
      {words}
    </Tag>
  );
}

import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, formatNearDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { BlankCell, Row, RowHead, SelectCell, TableBody, Td } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import { withBack } from "./back.ts";
import { type LineFacts, LineRows } from "./line-view.tsx";
import type { PaymentGroup } from "./list-queries.ts";
import { isSharable } from "./sharable.ts";
import { isOpen } from "./state.ts";

const SOURCE_WORDS: Record<PaymentGroup["source"], string | undefined> = {
  matters: undefined,
  quick: "Quick Link",
  bulk: "Bulk Upload",
  api: "API",
};

/** One payment with a line for each of its parts. `received` is when it arrived, in words. */
export function GroupBody(props: {
  payment: PaymentGroup;
  lines: readonly LineFacts[];
  received: string | undefined;
  today: Day;
  /** The list as it is, to come back to. */
  back: string;
}): JSX.Element {
  const { payment, lines } = props;
  const place = lines.find(({ posting }) => isSharable(posting))?.posting.id;
  const words = stateWords(payment, lines);
  const facts = [payment.reference, props.received, payment.methodLabel, SOURCE_WORDS[payment.source]];
  return (
    <TableBody id={`payment-${payment.id}`}>
      <Row group>
        {canBeSelected(lines) ? (
          <SelectCell
            name="payment"
            value={payment.id}
            label={`Select ${payment.reference}, ${payment.payerName}`}
          />
        ) : (
          <SelectCell />
        )}
        <RowHead group href={`/links/${payment.linkId}`} note={facts.filter(Boolean).join(", ")}>
          {payment.payerName}
        </RowHead>
        <Td label="Account">
          <AccountBadge kind={payment.accountKind} last4={payment.last4} />
        </Td>
        <Td label="Payment">
          <span class="cluster">
            {place === undefined ? null : (
              <a href={withBack(`/postings/${place}/parts`, props.back)}>Reallocate</a>
            )}
            {isRefundable(payment) ? (
              <a href={`/payments/${payment.id}/refund`}>Refund</a>
            ) : (
              <a href={`/payments/${payment.id}`}>Open payment</a>
            )}
          </span>
        </Td>
        <DepositCell payment={payment} today={props.today} />
        <Td label="Amount" amount>
          {formatMoney({ minor: payment.amountMinor, currency: payment.currency })}
        </Td>
        {words === undefined ? (
          <BlankCell />
        ) : (
          <Td label="State">
            <span class="soft">{words}</span>
          </Td>
        )}
      </Row>
      {lines.map((line) => (
        <LineRows line={line} description={titleOf(payment)} back={props.back} />
      ))}
    </TableBody>
  );
}

/** What a part is called that lies on no statement. */
export function titleOf(payment: Pick<PaymentGroup, "invoiceNumber" | "description">): string {
  return payment.invoiceNumber === ""
    ? payment.description
    : `Invoice number given: “${payment.invoiceNumber}”`;
}

function DepositCell({ payment, today }: { payment: PaymentGroup; today: Day }): JSX.Element {
  if (payment.depositId !== null && payment.depositOn !== null) {
    return (
      <Td label="Deposit" nowrap>
        <a href={`/deposits/${payment.depositId}`}>{payment.depositReference}</a>
        {`, ${formatNearDay(payment.depositOn, today)}`}
      </Td>
    );
  }
  if (payment.expectedOn === null) return <BlankCell />;
  return (
    <Td label="Deposit" nowrap>
      {`Expected ${formatNearDay(payment.expectedOn, today)}`}
    </Td>
  );
}

/** A bank debit is not charged back: its bank returns it, and nobody can contest that. */
const DISPUTE_WORDS = {
  card: { none: undefined, open: "Disputed", won: "Dispute won", lost: "Charged back" },
  bank_debit: { none: undefined, open: "Disputed", won: "Return taken back", lost: "Returned by the bank" },
} as const;

function stateWords(payment: PaymentGroup, lines: readonly LineFacts[]): string | undefined {
  const parts: string[] = [];
  const dispute = DISPUTE_WORDS[payment.method][payment.dispute];
  if (dispute !== undefined) parts.push(dispute);
  if (payment.refundedMinor > 0n) {
    const refunded = formatMoney({ minor: payment.refundedMinor, currency: payment.currency });
    parts.push(`${refunded} refunded`);
  }
  const posted = lines.filter(({ posting }) => posting.state === "posted").length;
  if (lines.length > 1) parts.push(`${posted} of ${lines.length} posted`);
  return parts.length === 0 ? undefined : parts.join(", ");
}

/** Whether something of it may be left to refund; the payment's own page knows for certain. */
function isRefundable(payment: PaymentGroup): boolean {
  const isClean = payment.dispute === "none" || payment.dispute === "won";
  return payment.receivedAt !== null && isClean && payment.refundedMinor < payment.amountMinor;
}

/** Whether a payment has a part that is still to be posted. */
export function canBeSelected(lines: readonly LineFacts[]): boolean {
  return lines.some(({ posting }) => isOpen(posting.state));
}

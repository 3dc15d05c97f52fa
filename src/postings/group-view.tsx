import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { BlankCell, Row, RowHead, SelectCell, TableBody, Td } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import { type LineFacts, LineRows } from "./line-view.tsx";
import type { PaymentGroup } from "./list-queries.ts";
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
}): JSX.Element {
  const { payment, lines } = props;
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
        <BlankCell />
        <Td label="Amount" amount>
          {formatMoney({ minor: payment.amountMinor, currency: payment.currency })}
        </Td>
        {lines.length > 1 ? (
          <Td label="State">
            <span class="soft">{`${lines.filter(({ posting }) => posting.state === "posted").length} of ${lines.length} posted`}</span>
          </Td>
        ) : (
          <BlankCell />
        )}
      </Row>
      {lines.map((line) => (
        <LineRows line={line} description={payment.description} />
      ))}
    </TableBody>
  );
}

/** Whether a payment has a part that is still to be posted. */
export function canBeSelected(lines: readonly LineFacts[]): boolean {
  return lines.some(({ posting }) => isOpen(posting.state));
}

import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { IconName } from "../ui/icons.tsx";
import { Section } from "../ui/layout.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import type { Tone } from "../ui/tone.ts";
import type { LinkPage } from "./link-page.ts";
import type { EmailFacts, PaymentFacts } from "./page-queries.ts";

/** The payments of the link, newest first. */
export function PaymentTable(props: {
  page: LinkPage;
  timeZone: string;
  maySeePostings: boolean;
}): JSX.Element | null {
  if (props.page.payments.length === 0) return null;
  return (
    <Section id="payments" title="Payments">
      <DataTable label="Payments" focusable={!props.maySeePostings}>
        <TableHead>
          <Th>Payment</Th>
          <Th>Method</Th>
          {props.maySeePostings ? <Th>Deposit</Th> : null}
          <Th num>Amount</Th>
          <Th>State</Th>
        </TableHead>
        <TableBody>
          {props.page.payments.map((payment) => (
            <Row>
              <RowHead
                href={props.maySeePostings ? `/payments/${payment.id}` : undefined}
                note={formatInstant(payment.at, props.timeZone)}
              >
                {payment.reference}
              </RowHead>
              <Td label="Method">{payment.methodLabel}</Td>
              {props.maySeePostings ? (
                <Td label="Deposit" nowrap>
                  <DepositPlace payment={payment} />
                </Td>
              ) : null}
              <Td label="Amount" amount>
                {formatMoney({ minor: payment.amountMinor, currency: payment.currency })}
              </Td>
              <Td label="State">
                <PaymentTag payment={payment} />
                {props.maySeePostings && isRefundable(payment) ? (
                  <small>
                    <a href={`/payments/${payment.id}/refund`}>Refund</a>
                  </small>
                ) : null}
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

/** The deposit that the money is in, or the day from which it is paid out. */
function DepositPlace({ payment }: { payment: PaymentFacts }): JSX.Element {
  const { deposit, expectedOn } = payment;
  if (deposit)
    return (
      <a href={`/deposits/${deposit.id}`}>{`${deposit.reference}, ${formatShortDay(deposit.arrivesOn)}`}</a>
    );
  const words = expectedOn === null ? "Not paid out yet" : `Expected ${formatShortDay(expectedOn)}`;
  return <span class="soft">{payment.state === "succeeded" ? words : "None"}</span>;
}

/** Whether something of it may be left to refund; the payment's own page knows for certain. */
function isRefundable(payment: PaymentFacts): boolean {
  const isClean = payment.dispute === "none" || payment.dispute === "won";
  return payment.state === "succeeded" && isClean && payment.refundedMinor < payment.amountMinor;
}

function lostWords({ method }: PaymentFacts): string {
  return method === "bank_debit" ? "Returned by the bank" : "Charged back";
}

function PaymentTag({ payment }: { payment: PaymentFacts }): JSX.Element {
  if (payment.isSurplus) return toTag({ icon: "s-alert", tone: "bad", words: "Paid twice, to be refunded" });
  if (payment.dispute === "open") return toTag({ icon: "s-alert", tone: "bad", words: "Disputed" });
  if (payment.dispute === "lost") return toTag({ icon: "undo", words: lostWords(payment) });
  if (payment.state === "failed")
    return toTag({
      icon: "s-x",
      words: payment.failureReason === null ? "Failed" : `Failed: ${payment.failureReason}`,
    });
  if (payment.state === "processing") return toTag({ icon: "s-wait", tone: "info", words: "Processing" });
  if (payment.refundedMinor === payment.amountMinor) return toTag({ icon: "undo", words: "Refunded" });
  if (payment.refundedMinor > 0n) return toTag({ icon: "undo", words: "Refunded in part" });
  return toTag({ icon: "s-done", tone: "good", words: "Received" });
}

type TagWords = { icon: IconName; tone?: Tone | undefined; words: string };

export function toTag(tag: TagWords): JSX.Element {
  return (
    <Tag icon={tag.icon} tone={tag.tone}>
      {tag.words}
    </Tag>
  );
}

const EMAIL_KINDS: Record<EmailFacts["kind"], string> = {
  request: "Request",
  receipt: "Receipt",
  on_its_way: "On its way",
  bank_failed: "Bank payment failed",
  reminder: "Reminder",
  refund: "Refund",
  copy: "Copy to the sender",
  notice: "Notice",
  test: "Test",
  invite: "Invitation",
};

export const EMAIL_STATES: Record<EmailFacts["state"], TagWords> = {
  queued: { icon: "clock", words: "Queued" },
  sending: { icon: "clock", words: "Sending" },
  sent: { icon: "mail", words: "Sent" },
  delivered: { icon: "s-done", tone: "good", words: "Delivered" },
  bounced: { icon: "s-alert", tone: "bad", words: "Bounced" },
  complained: { icon: "s-alert", tone: "bad", words: "Reported as spam" },
  failed: { icon: "s-x", words: "Not sent" },
  unclear: { icon: "s-alert", tone: "warn", words: "Perhaps sent" },
};

/** The emails about the link, newest first, and how far each came. */
export function EmailTable({ page, timeZone }: { page: LinkPage; timeZone: string }): JSX.Element | null {
  if (page.emails.length === 0) return null;
  return (
    <Section id="emails" title="Emails">
      <DataTable label="Emails" focusable>
        <TableHead>
          <Th>Email</Th>
          <Th>To</Th>
          <Th>State</Th>
        </TableHead>
        <TableBody>
          {page.emails.map((email) => (
            <Row>
              <RowHead note={formatInstant(email.sent_at ?? email.created_at, timeZone)}>
                {EMAIL_KINDS[email.kind]}
              </RowHead>
              <Td label="To">{email.to_address}</Td>
              <Td label="State">
                <span>
                  {toTag(EMAIL_STATES[email.state])}
                  {email.reason === null ? null : <small>{email.reason}</small>}
                  {email.opened_at === null ? null : (
                    <small>{`Opened ${formatInstant(email.opened_at, timeZone)}`}</small>
                  )}
                </span>
              </Td>
            </Row>
          ))}
        </TableBody>
      </DataTable>
    </Section>
  );
}

import type { JSX } from "hono/jsx/jsx-runtime";
import { formatInstant } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { ButtonLink } from "../ui/buttons.tsx";
import { Stack } from "../ui/layout.tsx";
import { Notice } from "../ui/notices.tsx";
import { isOut, isUndecided } from "./dispute-state.ts";
import type { PaymentPage } from "./payment-page.ts";
import { holdsMoney, isUnderWay } from "./refund-state.ts";
import { disputeReasonWords } from "./refund-words.ts";
import type { DisputeRow } from "./undone-queries.ts";

type NoticeProps = { page: PaymentPage; timeZone: string; mayRefund: boolean };

/** What a person must do or know about what was undone of a payment. */
export function UndoneNotices(props: NoticeProps): JSX.Element | null {
  const { page } = props;
  const { payment } = page;
  const isQuiet =
    !page.disputes.some(({ state }) => isUndecided(state)) &&
    !page.refunds.some(({ state }) => isUnderWay(state)) &&
    page.unlaidMinor === 0n &&
    page.stuckReversals === 0;
  if (isQuiet) return null;
  return (
    <Stack>
      {page.disputes
        .filter((dispute) => isUndecided(dispute.state))
        .map((dispute) => (
          <AnswerNotice dispute={dispute} {...props} />
        ))}
      {waiting(page).map(({ words, href }) => (
        <Notice
          tone="bad"
          title={words}
          actions={
            props.mayRefund ? (
              <ButtonLink size="s" href={href}>
                Choose lines
              </ButtonLink>
            ) : undefined
          }
        >
          Say which lines of the payment it is for. Until then nothing is reversed in the matter system.
        </Notice>
      ))}
      {page.refunds.some(({ state }) => isUnderWay(state)) ? (
        <Notice tone="info" title="A refund is under way.">
          {payment.method === "bank_debit"
            ? "Banks take a few business days. "
            : "The card processor works on it. "}
          <a href={`/payments/${payment.id}`}>Look again</a>
        </Notice>
      ) : null}
      {page.stuckReversals > 0 ? (
        <Notice
          tone="bad"
          title="The matter system does not show yet what went back."
          actions={
            <ButtonLink size="s" href={`/postings?tab=needs-attention&q=${payment.reference}`}>
              Open postings
            </ButtonLink>
          }
        >
          {page.stuckReversals === 1 ? "A reversal needs attention." : "Reversals need attention."}
        </Notice>
      ) : null}
    </Stack>
  );
}

function AnswerNotice({ dispute, page, timeZone }: NoticeProps & { dispute: DisputeRow }): JSX.Element {
  const amount = formatMoney({ minor: dispute.amount_minor, currency: dispute.currency });
  const until =
    dispute.evidence_due_at === null
      ? "Answer it there."
      : `Answer it there until ${formatInstant(dispute.evidence_due_at, timeZone)}.`;
  const title =
    dispute.state === "inquiry"
      ? `The payer’s bank asks about ${amount} of this payment.`
      : `The payer’s bank disputes ${amount} of this payment.`;
  return (
    <Notice
      tone={dispute.state === "inquiry" ? "warn" : "bad"}
      title={title}
      actions={
        <ButtonLink size="s" icon="external" href={page.processorUrl} newTab>
          Open at the card processor
        </ButtonLink>
      }
    >
      {`${disputeReasonWords(dispute.reason)}. `}
      {isOut(dispute.turn) ? "The money was withdrawn when it opened. " : "No money has moved. "}
      {until}
    </Notice>
  );
}

function waiting({ payment, refunds, disputes }: PaymentPage): { words: string; href: string }[] {
  const path = `/payments/${payment.id}`;
  const money = (minor: bigint) => formatMoney({ minor, currency: payment.currency });
  return [
    ...refunds
      .filter((refund) => !refund.is_laid && holdsMoney(refund.state))
      .map((refund) => ({
        words: `A refund of ${money(refund.amount_minor)} was made at the card processor.`,
        href: `${path}/refunds/${refund.id}/lines`,
      })),
    ...disputes
      .filter((dispute) => !dispute.is_laid && isOut(dispute.turn))
      .map((dispute) => ({
        words: `The bank took ${money(dispute.amount_minor)} of this payment back.`,
        href: `${path}/disputes/${dispute.id}/lines`,
      })),
  ];
}

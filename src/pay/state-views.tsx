import type { JSX } from "hono/jsx/jsx-runtime";
import { dayOf, formatLongDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { PostForm } from "../ui/form.tsx";
import { KeyValues, Timeline, Totals } from "../ui/lists.tsx";
import { PayButton, PayCard, PayState } from "../ui/pay.tsx";
import { formatMoment } from "./moment.ts";
import type { OpenedLink } from "./open.ts";
import type { PayWords } from "./words.ts";

type StateProps = { opened: OpenedLink; words: PayWords };

/** A bank debit that is under way. */
export function ProcessingView({ opened, words }: StateProps): JSX.Element {
  const { link, payment, firm } = opened;
  const amount = formatMoney({ minor: payment?.amount_minor ?? link.amount_minor, currency: link.currency });
  const submitted = payment ? formatMoment(payment.created_at, firm.time_zone, words.locale) : undefined;
  return (
    <PayCard>
      <PayState icon="clock" tone="info" title={words.processing.title} amount={amount}>
        {words.processing.text}
      </PayState>
      <Timeline
        entries={[
          {
            icon: "check",
            tone: "good",
            title: words.processing.submitted,
            time: submitted,
            detail: payment?.method_label,
          },
          {
            icon: "clock",
            tone: "info",
            title: words.processing.clearing,
            time: words.processing.now,
            detail: words.processing.clearingDetail,
          },
          { icon: "bank", title: words.processing.received, detail: words.processing.receivedDetail },
        ]}
      />
      <KeyValues
        facts={[
          { name: words.paid.reference, value: payment?.reference ?? link.reference },
          { name: words.paid.subject, value: link.description },
          { name: words.paid.paidTo, value: words.paidInto[link.account_kind](firm.name) },
        ]}
      />
    </PayCard>
  );
}

/** The receipt: what was paid, when, with what, into which account and for what. */
export function PaidView({ opened, words }: StateProps): JSX.Element {
  const { link, payment, firm, successorUrl } = opened;
  const money = (minor: bigint) => ({ minor, currency: link.currency });
  const paidMinor = payment?.amount_minor ?? link.amount_minor;
  const isPart = link.state === "part_paid";
  return (
    <PayCard>
      <PayState icon="check" tone="good" title={words.paid.title} amount={formatMoney(money(paidMinor))}>
        {words.paid.text}
      </PayState>
      <KeyValues
        facts={[
          { name: words.paid.receipt, value: payment?.reference },
          {
            name: words.paid.date,
            value: payment?.received_at
              ? formatMoment(payment.received_at, firm.time_zone, words.locale)
              : undefined,
          },
          {
            name: words.paid.paidWith,
            value: payment?.method_label === "" ? undefined : payment?.method_label,
          },
          { name: words.paid.paidTo, value: words.paidInto[link.account_kind](firm.name) },
          { name: words.paid.subject, value: link.description },
          { name: words.paid.reference, value: link.reference },
        ]}
      />
      {isPart ? (
        <Totals
          lines={[
            { name: words.paid.requested, amount: money(link.amount_minor) },
            { name: words.paid.paidToday, amount: money(paidMinor) },
          ]}
          total={{ name: words.paid.stillOwed, amount: money(link.amount_minor - paidMinor) }}
        />
      ) : null}
      {payment && payment.refunded_minor > 0n ? (
        <p>{words.paid.refundedNote(formatMoney(money(payment.refunded_minor)))}</p>
      ) : null}
      {successorUrl === undefined ? (
        <p class="soft">{isPart ? words.paid.rest(firm.name) : words.paid.closed}</p>
      ) : (
        <PayButton href={successorUrl}>{words.paid.payRest}</PayButton>
      )}
    </PayCard>
  );
}

/** A request that the firm took back. */
export function CancelledView({ opened, words }: StateProps): JSX.Element {
  return (
    <PayCard>
      <PayState icon="x" tone="warn" title={words.cancelled.title}>
        {words.cancelled.text(opened.firm.name)}
      </PayState>
      <p>{words.cancelled.next}</p>
    </PayCard>
  );
}

/** A link whose time is over, with the way to a new one. */
export function ExpiredView(props: StateProps & { askAction: string; wasAsked: boolean }): JSX.Element {
  const { opened, words } = props;
  const { link, firm, successorUrl } = opened;
  const day = formatLongDay(dayOf(link.expires_at, firm.time_zone), words.locale);
  return (
    <PayCard>
      <PayState icon="s-expired" tone="warn" title={words.expired.title}>
        {words.expired.text(day)}
      </PayState>
      {successorUrl !== undefined ? (
        <PayButton href={successorUrl}>{words.expired.successor}</PayButton>
      ) : props.wasAsked ? (
        <p role="status">{words.expired.asked(firm.name)}</p>
      ) : (
        <PostForm action={props.askAction} class="stack">
          <p>{words.expired.ask(firm.name)}</p>
          <PayButton>{words.expired.button}</PayButton>
        </PostForm>
      )}
      <p class="fine-print">{words.expired.safety}</p>
    </PayCard>
  );
}

/** A statement behind the link was paid, voided or lowered meanwhile. */
export function ChangedView({ opened, words }: StateProps): JSX.Element {
  return (
    <PayCard>
      <PayState icon="s-alert" tone="warn" title={words.changed.title}>
        {words.changed.text(opened.firm.name)}
      </PayState>
    </PayCard>
  );
}

/** The payer is back from the processor's page, and the processor's word is not here yet. */
export function ConfirmingView({
  words,
  again,
  back,
}: {
  words: PayWords;
  again: string;
  back: string;
}): JSX.Element {
  return (
    <PayCard>
      <PayState icon="clock" tone="info" title={words.confirming.title}>
        {words.confirming.text}
      </PayState>
      <PayButton href={again}>{words.confirming.again}</PayButton>
      <p class="soft">
        {words.confirming.notPaid} <a href={back}>{words.confirming.back}</a>
      </p>
    </PayCard>
  );
}

/** Who asks, where they are and how to reach them, with the firm's own small print. */
export function PayFooter({ opened, words }: StateProps): JSX.Element {
  const { firm, settings } = opened;
  const phone =
    settings.phone === "" ? null : (
      <a href={`tel:${settings.phone.replace(/[^\d+]/g, "")}`}>{settings.phone}</a>
    );
  const mail =
    settings.contact_email === "" ? null : (
      <a href={`mailto:${settings.contact_email}`}>{settings.contact_email}</a>
    );
  return (
    <>
      <p>
        {[firm.name, settings.address].filter((part) => part !== "").join(", ")}.{" "}
        {phone || mail ? words.footer.questions : null}
        {phone ? words.footer.call : null}
        {phone}
        {mail ? (phone ? words.footer.or : words.footer.write) : null}
        {mail}
        {phone || mail ? "." : null}
      </p>
      {settings.disclaimer === "" ? null : <p>{settings.disclaimer}</p>}
    </>
  );
}

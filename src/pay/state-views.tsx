import type { JSX } from "hono/jsx/jsx-runtime";
import { dayOf, formatLongDay } from "../base/day.ts";
import { PostForm } from "../ui/form.tsx";
import { KeyValues, Timeline } from "../ui/lists.tsx";
import { PayButton, PayCard, PayState } from "../ui/pay.tsx";
import { formatMoment } from "./moment.ts";
import type { OpenedLink } from "./open.ts";
import { methodOf } from "./receipt-view.tsx";
import { subjectOf } from "./subject.ts";
import type { Voice } from "./voice.ts";
import type { PayWords } from "./words.ts";

type StateProps = { opened: OpenedLink; voice: Voice };

/** A bank debit that is under way. */
export function ProcessingView({ opened, voice }: StateProps): JSX.Element {
  const { link, payment, firm } = opened;
  const { words, locale } = voice;
  const amount = voice.money(payment?.amount_minor ?? link.amount_minor);
  const submitted = payment ? formatMoment(payment.created_at, firm.time_zone, locale) : undefined;
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
            detail: payment ? methodOf(payment, words) : undefined,
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
          { name: words.paid.subject, value: subjectOf(opened, words) },
          { name: words.paid.paidTo, value: words.paidInto[link.account_kind](firm.name) },
        ]}
      />
    </PayCard>
  );
}

/** A request that the firm took back. */
export function CancelledView({ opened, voice }: StateProps): JSX.Element {
  const { words } = voice;
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
  const { opened, voice } = props;
  const { words } = voice;
  const { link, firm } = opened;
  const day = formatLongDay(dayOf(link.expires_at, firm.time_zone), voice.locale);
  return (
    <PayCard>
      <PayState icon="s-expired" tone="warn" title={words.expired.title}>
        {words.expired.text(day)}
      </PayState>
      <FreshWay {...props} />
    </PayCard>
  );
}

/** A newer request goes before asking for one. */
function FreshWay({
  opened,
  voice,
  askAction,
  wasAsked,
}: StateProps & { askAction: string; wasAsked: boolean }): JSX.Element {
  const { firm, newest } = opened;
  const { expired } = voice.words;
  if (newest?.url !== undefined) {
    return (
      <>
        <p>{expired.newer}</p>
        <PayButton href={newest.url}>{expired.successor}</PayButton>
      </>
    );
  }
  if (newest?.state === "payment_received") return <p>{expired.paid}</p>;
  return (
    <>
      {wasAsked ? (
        <p role="status">{expired.asked(firm.name)}</p>
      ) : (
        <PostForm action={askAction} class="stack">
          <p>{expired.ask(firm.name)}</p>
          <PayButton>{expired.button}</PayButton>
        </PostForm>
      )}
      <p class="fine-print">{expired.safety}</p>
    </>
  );
}

/** A statement behind the link was paid, voided or lowered meanwhile. */
export function ChangedView({ opened, voice }: StateProps): JSX.Element {
  const { words } = voice;
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
export function PayFooter({ opened, voice }: StateProps): JSX.Element {
  const { firm, settings } = opened;
  const { words } = voice;
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
      {paragraphsOf(settings.disclaimer).map((text) => (
        <p>{text}</p>
      ))}
    </>
  );
}

function paragraphsOf(text: string): string[] {
  return text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "");
}

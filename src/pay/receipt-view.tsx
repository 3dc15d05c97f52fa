import type { JSX } from "hono/jsx/jsx-runtime";
import type { Selectable } from "kysely";
import type { Payment } from "../db/schema.ts";
import type { IconName } from "../ui/icons.tsx";
import { KeyValues, type SumLine, Totals } from "../ui/lists.tsx";
import { PayButton, PayCard, PayState } from "../ui/pay.tsx";
import type { Tone } from "../ui/tone.ts";
import { formatMoment } from "./moment.ts";
import type { OpenedLink } from "./open.ts";
import { subjectOf } from "./subject.ts";
import type { Voice } from "./voice.ts";
import type { PayWords } from "./words.ts";

type Props = { opened: OpenedLink; voice: Voice };

/** The receipt: what was paid, when, with what, into which account and for what, and what became of the money since. */
export function PaidView({ opened, voice }: Props): JSX.Element {
  const { link, payment, firm } = opened;
  const { words, locale } = voice;
  const paidMinor = payment?.amount_minor ?? link.amount_minor;
  const head = headOf(opened, voice);
  return (
    <PayCard>
      <PayState icon={head.icon} tone={head.tone} title={head.title} amount={voice.money(paidMinor)}>
        {head.text}
      </PayState>
      <KeyValues
        facts={[
          { name: words.paid.receipt, value: payment?.reference },
          {
            name: words.paid.date,
            value: payment?.received_at
              ? formatMoment(payment.received_at, firm.time_zone, locale)
              : undefined,
          },
          { name: words.paid.paidWith, value: payment ? methodOf(payment, words) : undefined },
          { name: words.paid.paidTo, value: words.paidInto[link.account_kind](firm.name) },
          { name: words.paid.subject, value: subjectOf(opened, words) },
          { name: words.paid.reference, value: link.reference },
        ]}
      />
      <Sums opened={opened} voice={voice} paidMinor={paidMinor} />
      {payment?.dispute === "won" ? <p class="soft">{words.disputed.won}</p> : null}
      <Rest opened={opened} voice={voice} />
    </PayCard>
  );
}

type Head = { icon: IconName; tone: Tone; title: string; text: string };

/** The gravest thing that happened to the money comes first: a receipt must not say "received" of what went back. */
function headOf({ payment, firm }: OpenedLink, { words, money }: Voice): Head {
  if (payment?.dispute === "lost") {
    return {
      icon: "s-alert",
      tone: "warn",
      title: words.disputed.lost,
      text: words.disputed.lostText(firm.name),
    };
  }
  if (payment?.dispute === "open") {
    return {
      icon: "s-alert",
      tone: "warn",
      title: words.disputed.open,
      text: words.disputed.openText(firm.name),
    };
  }
  if (payment && payment.refunded_minor >= payment.amount_minor) {
    const text = words.refunded.wholeText(firm.name);
    return { icon: "refresh", tone: "info", title: words.refunded.whole, text };
  }
  if (payment && payment.refunded_minor > 0n) {
    const text = words.refunded.partText(money(payment.refunded_minor), firm.name);
    return { icon: "check", tone: "good", title: words.refunded.part, text };
  }
  return { icon: "check", tone: "good", title: words.paid.title, text: words.paid.text };
}

function Sums({ opened, voice, paidMinor }: Props & { paidMinor: bigint }): JSX.Element | null {
  const { link, payment } = opened;
  const { words, money } = voice;
  const line = (name: string, minor: bigint): SumLine => ({ name, amount: money(minor) });
  const refundedMinor = payment?.refunded_minor ?? 0n;
  return (
    <>
      {link.state === "part_paid" ? (
        <Totals
          lines={[line(words.paid.requested, link.amount_minor), line(words.paid.paidToday, paidMinor)]}
          total={line(words.paid.stillOwed, link.amount_minor - paidMinor)}
        />
      ) : null}
      {refundedMinor > 0n ? (
        <Totals
          lines={[line(words.paid.paidToday, paidMinor), line(words.paid.refunded, refundedMinor)]}
          // What the bank took back leaves nothing that was paid.
          total={payment?.dispute === "lost" ? undefined : line(words.paid.kept, paidMinor - refundedMinor)}
        />
      ) : null}
    </>
  );
}

/** What comes after this link: nothing, a button to the rest, or the word that the rest is settled. */
function Rest({ opened, voice }: Props): JSX.Element {
  const { link, firm, newest } = opened;
  const { paid } = voice.words;
  if (newest?.url !== undefined) return <PayButton href={newest.url}>{paid.payRest}</PayButton>;
  if (newest?.state === "payment_received") return <p class="soft">{paid.restPaid}</p>;
  if (newest?.state === "processing") return <p class="soft">{paid.restClearing}</p>;
  return <p class="soft">{link.state === "part_paid" ? paid.rest(firm.name) : paid.closed}</p>;
}

/** The processor's name of a card is everybody's; the words for a card or an account without one are ours. */
export function methodOf(payment: Selectable<Payment>, words: PayWords): string | undefined {
  if (payment.method_label === "") return undefined;
  return payment.method_label
    .replace(/^Bank account(?= )/, words.paid.bankAccount)
    .replace(/^Card(?= )/, words.paid.card);
}

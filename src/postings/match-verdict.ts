import { formatMoney } from "../base/money.ts";
import { STATE_WORDS } from "./assess.ts";
import type { PaymentRow } from "./queries.ts";
import type { Target } from "./target-queries.ts";

/** A statement that has the number which a link named. */
export type Candidate = Target & {
  /** Laid on it by other payments, and not in its balance yet. */
  unreadMinor: bigint;
};

/** The statement that the money is for, or why a person must say so, in words. */
export type Verdict = { target: Candidate } | { text: string };

type Money = Pick<PaymentRow, "account_kind" | "amount_minor" | "currency">;

const CHOOSE = "Choose the statement that it is for.";

/**
 * Decides about money whose link named a number: it is for the one open statement that has it, fits account and currency and has
 * room for all of it. Everything else waits for a person; money in trust always does, with the statement that seems meant.
 */
export function verdictOf(payment: Money, number: string, candidates: readonly Candidate[]): Verdict {
  const kind = payment.account_kind === "trust" ? "trust_request" : "invoice";
  const open = candidates.filter(isOpen);
  const fitting = open.filter((each) => each.kind === kind && each.currency === payment.currency);
  const [only, ...others] = fitting;
  if (!only) return { text: whyNone(payment, number, open[0] ?? candidates[0]) };
  if (others.length > 0)
    return { text: `${fitting.length} open statements have the number ${number}. ${CHOOSE}` };
  const roomMinor = only.balanceMinor - only.unreadMinor;
  if (roomMinor < payment.amount_minor) return { text: noRoom(payment, only, roomMinor) };
  return payment.account_kind === "trust" ? { text: suggestion(only) } : { target: only };
}

function isOpen(target: Target): boolean {
  return (
    target.state === "open" &&
    target.balanceMinor > 0n &&
    !target.isDeleted &&
    target.connectionState !== "disconnected"
  );
}

/** Why no statement fits; `nearest` is one that has the number, if there is any. */
function whyNone(payment: Money, number: string, nearest: Candidate | undefined): string {
  if (!nearest || nearest.isDeleted)
    return `The link named the number ${number}, but no statement has it. ${CHOOSE}`;
  const name = nameOf(nearest);
  if (!isOpen(nearest)) {
    const state = nearest.state === "open" ? "not open any more" : STATE_WORDS[nearest.state];
    return `${name}, which the link named, is ${state}. ${CHOOSE}`;
  }
  if (nearest.currency !== payment.currency)
    return `${name}, which the link named, is in ${nearest.currency}, the payment in ${payment.currency}. ${CHOOSE}`;
  const account = payment.account_kind === "trust" ? "a trust account" : "an operating account";
  return `${name} is what the link named, but the money went into ${account}. ${CHOOSE}`;
}

function noRoom(payment: Money, target: Candidate, roomMinor: bigint): string {
  const money = (minor: bigint) => formatMoney({ minor, currency: payment.currency });
  const room = roomMinor > 0n ? `Only ${money(roomMinor)} is` : "Nothing is";
  const others = target.unreadMinor > 0n ? ", with other payments on their way to it" : "";
  const name = nameOf(target);
  return `${room} left on ${lower(name)}, which the link named${others}. The payment is ${money(payment.amount_minor)}. ${CHOOSE}`;
}

function suggestion(target: Target): string {
  const open = formatMoney({ minor: target.balanceMinor, currency: target.currency });
  const matter = `${target.matterNumber} ${target.matterDescription}`;
  return `Money in trust is never laid on a request by itself. ${nameOf(target)} of matter ${matter} has the number that the link named, and ${open} open. Choose it if that is right.`;
}

function nameOf(target: Target): string {
  return target.kind === "trust_request" ? `Trust request ${target.number}` : `Statement ${target.number}`;
}

function lower(name: string): string {
  return `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}`;
}

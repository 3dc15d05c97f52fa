import type { SentRow } from "./sent-queries.ts";
import type { LinkState } from "./state.ts";

/** What can be done to many links at once and changes them. */
export const MANY_VERBS = ["remind", "resend", "extend", "cancel"] as const;
export type ManyVerb = (typeof MANY_VERBS)[number];

/** What decides whether a link takes part. */
export type ManyFacts = {
  /** At once expired when its time is up. */
  state: LinkState;
  delivery: SentRow["delivery"];
  hasAddress: boolean;
  remindedToday: boolean;
};

const CLOSED: Readonly<Record<Exclude<LinkState, "outstanding">, string>> = {
  processing: "A payment is under way",
  payment_received: "Paid already",
  part_paid: "Paid in part; make a link for the rest",
  cancelled: "Cancelled already",
  expired: "Expired; make a new link",
};

/** Why a link does not take part, or undefined when it does. */
export function refusalOf(verb: ManyVerb, facts: ManyFacts): string | undefined {
  if (facts.state !== "outstanding") return CLOSED[facts.state];
  if (verb === "extend" || verb === "cancel") return undefined;
  if (!facts.hasAddress) return "No email address";
  if (facts.delivery === "bounced") return "The email bounced; correct the address first";
  return verb === "remind" && facts.remindedToday ? "Reminded today already" : undefined;
}

export function isManyVerb(text: string): text is ManyVerb {
  return (MANY_VERBS as readonly string[]).includes(text);
}

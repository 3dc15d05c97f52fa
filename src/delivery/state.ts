import type { LinkDelivery } from "../links/note-delivery.ts";
import type { EmailRow } from "./queries.ts";

export type EmailState = EmailRow["state"];

/**
 * Every move that an email may make; none leads back, but for `sending` to `queued`, when the mail service took nothing. The service's
 * word may come before our own record of the sending, and clears up what was unclear. A bounce stays.
 */
const MOVES = {
  queued: ["sending", "failed"],
  sending: ["sent", "queued", "unclear", "failed", "delivered", "bounced", "complained"],
  unclear: ["sent", "delivered", "bounced", "complained"],
  sent: ["delivered", "bounced", "complained"],
  delivered: ["bounced", "complained"],
  bounced: [],
  complained: [],
  failed: [],
} as const satisfies Record<EmailState, readonly EmailState[]>;

/** Whether an email may go from one state to another. */
export function canMoveEmail(from: EmailState, to: EmailState): boolean {
  return (MOVES[from] as readonly EmailState[]).includes(to);
}

const BAD: readonly EmailState[] = ["bounced", "complained", "failed"];

/**
 * How far a link's request came, from the emails of its latest sending: what went wrong at one address shows before what went well at
 * the others, and the reason says of how many. `bounced` also stands for an email that the service refused or gave up.
 */
export function deliveryOf(emails: readonly Pick<EmailRow, "state" | "reason">[]): {
  delivery: LinkDelivery;
  reason: string | undefined;
} {
  const bad = emails.filter((email) => BAD.includes(email.state));
  if (bad.length > 0) return { delivery: "bounced", reason: badReason(bad, emails) };
  const unclear = emails.find((email) => email.state === "unclear");
  if (unclear) return { delivery: "queued", reason: unclear.reason ?? UNCLEAR_REASON };
  if (emails.length === 0 || emails.some((email) => email.state === "queued" || email.state === "sending"))
    return { delivery: "queued", reason: undefined };
  const delivered = emails.every((email) => email.state === "delivered");
  return { delivery: delivered ? "delivered" : "sent", reason: undefined };
}

function badReason(
  bad: readonly Pick<EmailRow, "reason">[],
  all: readonly Pick<EmailRow, "state">[],
): string {
  const reasons = [...new Set(bad.map((email) => email.reason ?? "The email could not be delivered."))];
  if (all.length === 1) return reasons.join(" ");
  const others = all.filter((email) => !BAD.includes(email.state));
  const arrived = others.filter((email) => email.state === "delivered").length;
  const good = others.length === 0 ? "" : ` ${arrived} of the other ${others.length} arrived.`;
  const rest =
    others.length === 1 ? ` The other ${arrived === 1 ? "arrived" : "has not arrived yet"}.` : good;
  return `${bad.length} of ${all.length} emails did not arrive: ${reasons.join(" ")}${rest}`;
}

/** The mail service has no way to ask whether a message was taken, so a person decides. */
export const UNCLEAR_REASON =
  "The email may or may not have been sent: the mail service did not answer. Ask the payer, or send it again.";

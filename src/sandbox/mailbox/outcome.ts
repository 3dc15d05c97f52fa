import type { DatabaseSync } from "node:sqlite";
import { localPart } from "./addresses.ts";
import { type EventKind, hasOpened, type MailEvent, planEvent, setHappened } from "./event-queue.ts";
import {
  findMessage,
  type Recipient,
  type RecipientState,
  type StoredMessage,
  setRecipientState,
  suppress,
} from "./messages.ts";
import { inTransaction } from "./store.ts";
import { webhookBody } from "./webhook-body.ts";

export type Delays = {
  /** From acceptance to the first event. */
  deliveryMilliseconds: number;
  /** The same for an address that delivers late. */
  slowDeliveryMilliseconds: number;
};

// An address decides its own fate by how it begins; every other address takes delivery.
const FATES: [prefix: string, kinds: EventKind[]][] = [
  ["bounce", ["hard_bounce"]],
  ["soft", ["soft_bounce"]],
  ["complain", ["delivery", "complaint"]],
];
const SLOW_PREFIX = "slow";
const REJECTED_PREFIX = "reject";

const STATES: Partial<Record<EventKind, RecipientState>> = {
  delivery: "delivered",
  hard_bounce: "bounced",
  soft_bounce: "soft_bounced",
  complaint: "complained",
};
const SUPPRESSIONS: Partial<Record<EventKind, string>> = {
  hard_bounce: "HardBounce",
  complaint: "SpamComplaint",
};

/** Whether the service refuses this address from the start, as if it had bounced long ago. */
export function isAlwaysInactive(address: string): boolean {
  return localPart(address).startsWith(REJECTED_PREFIX);
}

/** Plans what will become of one recipient's copy of a message that was accepted at `at`. */
export function planFate(
  db: DatabaseSync,
  messageId: string,
  recipient: string,
  at: Date,
  delays: Delays,
): void {
  const local = localPart(recipient);
  const kinds = FATES.find(([prefix]) => local.startsWith(prefix))?.[1] ?? ["delivery"];
  const delay = local.startsWith(SLOW_PREFIX) ? delays.slowDeliveryMilliseconds : delays.deliveryMilliseconds;
  kinds.forEach((kind, index) => {
    planEvent(db, { messageId, recipient, kind, dueAt: new Date(at.getTime() + delay * (index + 1)) });
  });
}

/**
 * Lets a due event happen, once: the recipient's state changes, an address that must not be written to again
 * becomes inactive, and the webhook's body is fixed. Gives that body. Throws when the event's message is not
 * stored.
 */
export function happen(db: DatabaseSync, event: MailEvent, at: Date): string {
  if (event.body !== undefined) return event.body;
  return inTransaction(db, () => {
    const stored = findMessage(db, event.messageId);
    if (stored === undefined) throw new Error(`event ${event.id} belongs to no message`);
    const firstOpen = !hasOpened(db, event.messageId, event.recipient);
    const facts = webhookBody({ event, stored, at, firstOpen });
    const body = JSON.stringify(facts);
    setHappened(db, event.id, at, body);
    changeRecipient(db, event, stored, "Details" in facts ? String(facts.Details) : "");
    return body;
  });
}

function changeRecipient(db: DatabaseSync, event: MailEvent, stored: StoredMessage, detail: string): void {
  const state = STATES[event.kind];
  if (state === undefined) return;
  const recipient: Recipient = { address: event.recipient, state, detail };
  setRecipientState(db, stored.id, recipient);
  const reason = SUPPRESSIONS[event.kind];
  if (reason !== undefined) suppress(db, event.recipient, reason);
}

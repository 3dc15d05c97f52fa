import { z } from "zod";

/** How a job is tried again: the pause before try n+1 grows as exp(min(n, 10)) seconds, which the queue's library sets. */
type Policy = {
  /** Tries in all; after the last the job stays, marked as failed, and is shown to the operator. */
  tries: number;
  /** Lower goes first. Money before mail before upkeep. */
  priority: number;
};

type JobDefinition<Schema extends z.ZodType> = Policy & { payload: Schema };

const MONEY = 0;
const MAIL = 10;
const SYNC = 20;
const UPKEEP = 30;
/** About half a day of tries. */
const PATIENT = 18;
/** About a week: what money depends on is not given up over a weekend's outage. */
const STUBBORN = 40;

const firm = { firmId: z.uuid() };

function job<Schema extends z.ZodType>(payload: Schema, policy: Policy): JobDefinition<Schema> {
  return { payload, ...policy };
}

/** Every job there is: its name (`feature.verb`), the form of its payload and how it is tried. Payloads hold ids, never secrets. */
export const CATALOG = {
  "team.sendSignInLink": job(z.object({ signInLinkId: z.uuid() }), { tries: 6, priority: MONEY }),
  "connections.sync": job(z.object({ ...firm, connectionId: z.uuid() }), { tries: PATIENT, priority: SYNC }),
  "connections.subscribe": job(z.object({ ...firm, connectionId: z.uuid() }), {
    tries: PATIENT,
    priority: SYNC,
  }),
  "connections.end": job(z.object({ ...firm, connectionId: z.uuid() }), { tries: PATIENT, priority: SYNC }),
  "connections.onHint": job(z.object({ ...firm, inboxEventId: z.uuid() }), {
    tries: PATIENT,
    priority: SYNC,
  }),
  "connections.syncAll": job(z.object({}), { tries: 1, priority: SYNC }),
  "links.expireDue": job(z.object({}), { tries: 1, priority: UPKEEP }),
  "links.actOnMany": job(z.object({ ...firm, actionId: z.uuid() }), { tries: PATIENT, priority: MAIL }),
  "links.succeed": job(z.object({ ...firm, linkId: z.uuid() }), { tries: PATIENT, priority: MAIL }),
  "bulk.issueRows": job(z.object({ ...firm, batchId: z.uuid() }), { tries: PATIENT, priority: MAIL }),
  "delivery.request": job(z.object({ ...firm, requestId: z.uuid() }), { tries: PATIENT, priority: MAIL }),
  "delivery.send": job(z.object({ ...firm, emailId: z.uuid() }), { tries: PATIENT, priority: MAIL }),
  "delivery.onPostmark": job(z.object({ ...firm, inboxEventId: z.uuid() }), {
    tries: PATIENT,
    priority: MAIL,
  }),
  /** `occurrence` is unique for the thing that is told: told twice, it is one email to each member. */
  "delivery.notify": job(
    z.object({
      ...firm,
      event: z.enum([
        "payment",
        "payment_failed",
        "bounce",
        "dispute",
        "refund_failed",
        "expiring",
        "posting_problem",
        "fresh_link",
        "difference",
      ]),
      occurrence: z.string().min(1).max(200),
      linkId: z.uuid().optional(),
      paymentId: z.uuid().optional(),
      postingId: z.uuid().optional(),
    }),
    { tries: PATIENT, priority: MAIL },
  ),
  /** `nonce` is made with the form: the same click twice is one email. */
  "delivery.sendTest": job(
    z.object({
      ...firm,
      memberId: z.uuid(),
      use: z.enum(["request", "reminder_before", "reminder_after", "receipt", "on_its_way", "bank_failed"]),
      language: z.enum(["en", "es", "fr"]),
      nonce: z.string().min(1).max(100),
    }),
    { tries: 6, priority: MAIL },
  ),
  "reminders.sendDue": job(z.object({}), { tries: 1, priority: MAIL }),
  "reminders.sendFirm": job(z.object({ ...firm }), { tries: 3, priority: MAIL }),
  /**
   * `occurrence` names the click: asked twice under one name, one reminder goes out. `by` is the member who asked; `besideIds` are other
   * links of the request, which the same letter names.
   */
  "reminders.remindNow": job(
    z.object({
      ...firm,
      linkId: z.uuid(),
      besideIds: z.array(z.uuid()).optional(),
      by: z.uuid(),
      occurrence: z.string().min(1).max(200),
    }),
    { tries: PATIENT, priority: MAIL },
  ),
  "pay.expireCheckouts": job(z.object({ ...firm, linkId: z.uuid() }), { tries: STUBBORN, priority: MONEY }),
  /** Whatever is new of a firm's payments. */
  "payments.onEvents": job(z.object({ ...firm }), { tries: STUBBORN, priority: MONEY }),
  /** One event, which failed among others or was forgotten. */
  "payments.onStripe": job(z.object({ ...firm, inboxEventId: z.uuid() }), {
    tries: STUBBORN,
    priority: MONEY,
  }),
  "payments.readCheckout": job(z.object({ ...firm, checkoutId: z.uuid() }), {
    tries: STUBBORN,
    priority: MONEY,
  }),
  "payments.askRefund": job(z.object({ ...firm, refundId: z.uuid() }), { tries: STUBBORN, priority: MONEY }),
  "payments.sweepFirm": job(z.object({ ...firm }), { tries: 3, priority: SYNC }),
  "payments.sweepAll": job(z.object({}), { tries: 1, priority: SYNC }),
  "postings.prepare": job(z.object({ ...firm, paymentIds: z.array(z.uuid()).min(1) }), {
    tries: STUBBORN,
    priority: MONEY,
  }),
  "postings.reverse": job(z.object({ ...firm, paymentId: z.uuid() }), { tries: STUBBORN, priority: MONEY }),
  /** Whatever of a connection's postings may go now. */
  "postings.write": job(z.object({ ...firm, connectionId: z.uuid() }), { tries: STUBBORN, priority: MONEY }),
  "postings.confirm": job(z.object({ ...firm, connectionId: z.uuid() }), { tries: PATIENT, priority: SYNC }),
  "postings.sweepAll": job(z.object({}), { tries: 1, priority: SYNC }),
  "deposits.onStripe": job(z.object({ ...firm, inboxEventId: z.uuid() }), {
    tries: STUBBORN,
    priority: MONEY,
  }),
  "deposits.read": job(z.object({ ...firm, merchantAccountId: z.uuid(), payoutId: z.string() }), {
    tries: PATIENT,
    priority: MONEY,
  }),
  "deposits.sweepFirm": job(z.object({ ...firm }), { tries: 3, priority: SYNC }),
  "deposits.sweepAll": job(z.object({}), { tries: 1, priority: SYNC }),
  "deposits.compareFirm": job(z.object({ ...firm }), { tries: 3, priority: SYNC }),
  "deposits.compareAll": job(z.object({}), { tries: 1, priority: SYNC }),
  "inbox.sweepAll": job(z.object({}), { tries: 1, priority: SYNC }),
  "queue.foldTallies": job(z.object({}), { tries: 1, priority: UPKEEP }),
  "queue.forgetReplaced": job(z.object({}), { tries: 1, priority: UPKEEP }),
  "team.forgetExpired": job(z.object({}), { tries: 1, priority: UPKEEP }),
} as const;

export type JobName = keyof typeof CATALOG;
export type JobPayload<Name extends JobName> = z.infer<(typeof CATALOG)[Name]["payload"]>;

/** All names, for the runner and for tests. */
export function jobNames(): JobName[] {
  return Object.keys(CATALOG) as JobName[];
}

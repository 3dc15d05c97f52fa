import { z } from "zod";
import type { IncomingEvent } from "../inbox/receive.ts";

const LONGEST_TEXT = 300;

/** What is read of the five records that matter here. https://postmarkapp.com/developer/webhooks/webhooks-overview */
const record = z.object({
  RecordType: z.string().max(50),
  MessageID: z.string().min(1).max(100),
  ID: z.number().optional(),
  Type: z.string().max(50).optional(),
  Description: z.string().optional(),
  DeliveredAt: z.string().optional(),
  BouncedAt: z.string().optional(),
  ReceivedAt: z.string().optional(),
  ChangedAt: z.string().optional(),
  SuppressSending: z.boolean().optional(),
  SuppressionReason: z.string().max(50).nullish(),
  Metadata: z.record(z.string(), z.string()).optional(),
});

const HANDLED = ["Delivery", "Bounce", "SpamComplaint", "Open", "SubscriptionChange"] as const;

/** What the job is given: no address, nothing of the reader's device. */
export const mailEvent = z.object({
  recordType: z.enum(HANDLED),
  messageId: z.string(),
  emailId: z.string().optional(),
  bounceType: z.string().optional(),
  description: z.string().optional(),
  /** Whether the service writes to the address no more, and why. */
  suppressed: z.boolean().optional(),
  suppressionReason: z.string().optional(),
  at: z.string().optional(),
});
export type MailEvent = z.infer<typeof mailEvent>;

type PostmarkEvent = { firmId: string | undefined; event: IncomingEvent };

/**
 * Reads a webhook's body. Undefined for a record that nothing here acts upon (clicks); throws a ZodError for
 * what is no record at all. The service gives an event no id of its own: record, message and bounce id or time name it.
 */
export function readPostmarkEvent(body: unknown): PostmarkEvent | undefined {
  const read = record.parse(body);
  const recordType = HANDLED.find((type) => type === read.RecordType);
  if (!recordType) return undefined;
  const at = read.DeliveredAt ?? read.BouncedAt ?? read.ReceivedAt ?? read.ChangedAt;
  const payload: MailEvent = {
    recordType,
    messageId: read.MessageID,
    emailId: read.Metadata?.email,
    bounceType: read.Type,
    description: read.Description?.slice(0, LONGEST_TEXT),
    suppressed: read.SuppressSending,
    suppressionReason: read.SuppressionReason ?? undefined,
    at,
  };
  return {
    firmId: read.Metadata?.firm,
    event: {
      source: "postmark",
      externalId: `${recordType}:${read.MessageID}:${read.ID ?? at ?? ""}`,
      type: recordType,
      account: undefined,
      payload,
    },
  };
}

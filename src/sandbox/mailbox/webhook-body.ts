import type { MailEvent } from "./event-queue.ts";
import type { StoredMessage } from "./messages.ts";

type Happening = { event: MailEvent; stored: StoredMessage; at: Date; firstOpen: boolean };

// The server in Postmark's account that everything belongs to.
const SERVER_ID = 23;
const SPAM_COMPLAINT_DESCRIPTION = "The subscriber explicitly marked this message as spam.";

// https://postmarkapp.com/developer/api/bounce-api#bounce-types
const HARD_BOUNCE = {
  Type: "HardBounce",
  TypeCode: 1,
  Name: "Hard bounce",
  Description: "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
  Details: "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
  Inactive: true,
  CanActivate: true,
};
const SOFT_BOUNCE = {
  Type: "SoftBounce",
  TypeCode: 4096,
  Name: "Soft bounce",
  Description:
    "Unable to temporarily deliver message " +
    "(i.e. mailbox full, account disabled, exceeds quota, out of disk space).",
  Details: "smtp;452 4.2.2 The recipient's inbox is out of storage space.",
  Inactive: false,
  CanActivate: false,
};
const SPAM_COMPLAINT = {
  Type: "SpamComplaint",
  TypeCode: 100001,
  Name: "Spam complaint",
  Description: SPAM_COMPLAINT_DESCRIPTION,
  Details: "The recipient pressed the junk button of their mail program.",
  Inactive: true,
  CanActivate: false,
};
const READER = {
  Client: { Name: "Outbox", Company: "Sandbox", Family: "Outbox" },
  OS: { Name: "Linux", Company: "Linux", Family: "Linux" },
  Platform: "WebMail",
  UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Outbox/1.0",
  Geo: {
    CountryISOCode: "US",
    Country: "United States",
    RegionISOCode: "IL",
    Region: "Illinois",
    City: "Chicago",
    Zip: "60601",
    Coords: "41.8858,-87.6181",
    IP: "192.0.2.44",
  },
};
const READ_SECONDS = 5;

/**
 * What Postmark posts when this happens, field by field as in
 * https://postmarkapp.com/developer/webhooks/webhooks-overview and its page for each record type.
 */
export function webhookBody(happening: Happening): Record<string, unknown> {
  const { event, at, firstOpen } = happening;
  const about = aboutMessage(happening);
  switch (event.kind) {
    case "delivery":
      return {
        RecordType: "Delivery",
        ServerID: SERVER_ID,
        ...about,
        Recipient: event.recipient,
        DeliveredAt: postmarkTime(at),
        Details: "smtp;250 2.0.0 OK accepted for delivery",
      };
    case "hard_bounce":
      return { RecordType: "Bounce", ...HARD_BOUNCE, ...about, ...bounced(happening) };
    case "soft_bounce":
      return { RecordType: "Bounce", ...SOFT_BOUNCE, ...about, ...bounced(happening) };
    case "complaint":
      return { RecordType: "SpamComplaint", ...SPAM_COMPLAINT, ...about, ...bounced(happening) };
    case "open":
      return {
        RecordType: "Open",
        FirstOpen: firstOpen,
        ...about,
        ...READER,
        Recipient: event.recipient,
        ReceivedAt: postmarkTime(at),
        ReadSeconds: READ_SECONDS,
      };
    case "click":
      return {
        RecordType: "Click",
        ClickLocation: "HTML",
        OriginalLink: event.link ?? "",
        ...about,
        ...READER,
        Recipient: event.recipient,
        ReceivedAt: postmarkTime(at),
      };
  }
}

/** A time as Postmark writes it: UTC, seven digits after the point. */
export function postmarkTime(at: Date): string {
  return at.toISOString().replace("Z", "0000Z");
}

function aboutMessage({ stored }: Happening): Record<string, unknown> {
  const { id, message } = stored;
  return { MessageID: id, MessageStream: message.stream, Tag: message.tag ?? "", Metadata: message.metadata };
}

function bounced({ event, stored, at }: Happening): Record<string, unknown> {
  return {
    ID: event.id,
    ServerID: SERVER_ID,
    Email: event.recipient,
    From: stored.message.from.email,
    Subject: stored.message.subject,
    BouncedAt: postmarkTime(at),
    DumpAvailable: false,
  };
}

/** One message to one address. */
export type Message = {
  to: string;
  fromName: string;
  replyTo: string | undefined;
  subject: string;
  html: string;
  text: string;
  /** What kind of mail it is, for the mail service's own statistics. */
  tag: string;
  /** Comes back with the mail service's webhooks. Strings only, no secrets. */
  metadata: Record<string, string>;
};

export type SendOutcome =
  | { outcome: "sent"; messageId: string }
  /** Nothing was sent and the same again will not help; `reason` is for the member. */
  | { outcome: "refused"; reason: string }
  /** Nothing was sent; try again later. */
  | { outcome: "later"; reason: string }
  /** It may or may not have gone out. */
  | { outcome: "unclear"; reason: string };

/** The way to the mail service. Never throws for what the service answers. */
export type Mail = { send: (message: Message) => Promise<SendOutcome> };

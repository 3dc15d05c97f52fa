import { Errors, Models, ServerClient } from "postmark";
import type { Config } from "../base/config.ts";
import type { Mail, Message, SendOutcome } from "./port.ts";

/** The service answers in well under a second; a longer wait only holds up the queue. */
const TIMEOUT_SECONDS = 10;
const LONGEST_REASON = 200;

/** https://postmarkapp.com/developer/api/overview#error-codes */
const INVALID_EMAIL = 300;
const INACTIVE_RECIPIENT = 406;
/**
 * Nothing was taken, and the same mail is good later: maintenance, rate limit, and what an operator must put right first (bad token,
 * sender signature, credit, an account that may not send yet).
 */
const LATER_CODES = new Set([10, 100, 400, 401, 405, 412, 413, 429]);
const LATER_STATUSES = new Set([401, 429, 500, 503]);
/** What would end a header line, or hide the rest of it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/;
/** In a display name these would let a sender pass for another address. */
const NOT_IN_NAMES = /["<>@\\]/g;

type MailConfig = Pick<Config, "POSTMARK_API_BASE" | "POSTMARK_SERVER_TOKEN" | "MAIL_FROM">;

/**
 * The way to Postmark, by its own client. One request per message, never repeated: the service has no idempotency key, so an answer
 * that did not come is reported as `unclear`. https://postmarkapp.com/developer/api/email-api
 */
export function openMail(config: MailConfig): Mail {
  const base = new URL(config.POSTMARK_API_BASE);
  const client = new ServerClient(config.POSTMARK_SERVER_TOKEN, {
    useHttps: base.protocol === "https:",
    requestHost: base.host,
    timeout: TIMEOUT_SECONDS,
  });
  return { send: (message) => send(client, config.MAIL_FROM, message) };
}

async function send(client: ServerClient, from: string, message: Message): Promise<SendOutcome> {
  const headers = [message.to, message.fromName, message.subject, message.replyTo ?? "", message.tag];
  if (headers.some((text) => CONTROL.test(text))) {
    return { outcome: "refused", reason: "The name, the subject or an address holds a line break." };
  }
  try {
    return readAnswer(await client.sendEmail(toRequest(from, message)));
  } catch (error) {
    return readError(error);
  }
}

function toRequest(from: string, message: Message): Models.Message {
  return {
    From: `"${message.fromName.replace(NOT_IN_NAMES, "").trim()}" <${from}>`,
    To: message.to,
    ...(message.replyTo === undefined ? {} : { ReplyTo: message.replyTo }),
    Subject: message.subject,
    HtmlBody: message.html,
    TextBody: message.text,
    Tag: message.tag,
    Metadata: message.metadata,
    TrackOpens: true,
    // Tracking links would rewrite them: the payer should see our own address.
    TrackLinks: Models.LinkTrackingOptions.None,
  };
}

/** The client resolves for every 200, whatever its body: only a message id says that the mail was taken. */
function readAnswer(answer: Partial<Models.MessageSendingResponse> | null): SendOutcome {
  const code = typeof answer?.ErrorCode === "number" ? answer.ErrorCode : undefined;
  if (code !== undefined && code !== 0) return readCode(code, String(answer?.Message ?? ""));
  if (code === 0 && typeof answer?.MessageID === "string" && answer.MessageID !== "")
    return { outcome: "sent", messageId: answer.MessageID };
  return { outcome: "unclear", reason: "The mail service's answer could not be read." };
}

function readError(error: unknown): SendOutcome {
  // The client wraps what fails before the answer's head; a connection that breaks in its body comes as it is.
  const status = error instanceof Errors.PostmarkError ? error.statusCode : 0;
  if (status === 0) return { outcome: "unclear", reason: "The mail service did not answer." };
  if (LATER_STATUSES.has(status)) return later(status);
  if (status === 422 && error instanceof Errors.PostmarkError) return readCode(error.code, error.message);
  // A status that Postmark does not document, from something between it and us: the mail may have been passed on.
  return { outcome: "unclear", reason: `The mail service answered with status ${status}.` };
}

function readCode(code: number, message: string): SendOutcome {
  if (LATER_CODES.has(code)) return later(code);
  if (code === INACTIVE_RECIPIENT) {
    return {
      outcome: "refused",
      reason:
        "The mail service no longer writes to this address: an earlier email to it bounced or was reported as spam. Use another address, or have whoever runs the mail service switch this one on again.",
    };
  }
  if (code === INVALID_EMAIL)
    return { outcome: "refused", reason: "The mail service cannot write to this address." };
  return {
    outcome: "refused",
    reason: `The mail service refused the email (code ${code}): ${plain(message)}`,
  };
}

function later(code: number): SendOutcome {
  return { outcome: "later", reason: `The mail service takes no mail at the moment (${code}).` };
}

/** The service's words name addresses; what is kept and shown does not. */
function plain(message: string): string {
  return message.replace(/\S+@\S+/g, "the address").slice(0, LONGEST_REASON);
}

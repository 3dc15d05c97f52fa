import { type Address, parseAddresses } from "./addresses.ts";
import {
  type ApiError,
  apiError,
  INCOMPATIBLE_JSON,
  INVALID_EMAIL_REQUEST,
  UNKNOWN_STREAM,
} from "./api-error.ts";
import { type Attachment, readAttachments } from "./attachments.ts";

type TrackLinks = "None" | "HtmlAndText" | "HtmlOnly" | "TextOnly";
type Header = { Name: string; Value: string };

/** One accepted request to send, with its addresses read. */
export type Message = {
  from: Address;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  replyTo: string;
  subject: string;
  html: string | undefined;
  text: string | undefined;
  stream: string;
  tag: string | undefined;
  metadata: Record<string, string>;
  headers: Header[];
  attachments: Attachment[];
  trackOpens: boolean;
  trackLinks: TrackLinks;
};

const MAXIMUM_RECIPIENTS = 50;
const MAXIMUM_SUBJECT_LENGTH = 2_000;
const MAXIMUM_TAG_LENGTH = 1_000;
const MAXIMUM_METADATA_FIELDS = 10;
const MAXIMUM_METADATA_KEY_LENGTH = 20;
const MAXIMUM_METADATA_VALUE_LENGTH = 80;
const STREAMS = ["outbound", "broadcast"];
const TRACK_LINKS: readonly string[] = ["None", "HtmlAndText", "HtmlOnly", "TextOnly"];
const TEXT_FIELDS = [
  ..."From To Cc Bcc ReplyTo Subject HtmlBody TextBody".split(" "),
  ..."Tag MessageStream TrackLinks".split(" "),
];

type Fields = Record<string, unknown>;

/** Reads one message of the send API, or says what is wrong with it in Postmark's codes and words. */
export function readMessage(body: unknown): Message | ApiError {
  if (!isRecord(body)) return apiError(INCOMPATIBLE_JSON, "Expected a JSON object.");
  const shape = checkShapes(body);
  if (shape !== undefined) return shape;
  const addresses = readAddresses(body);
  if ("code" in addresses) return addresses;
  const attachments = readAttachments(body.Attachments);
  if ("code" in attachments) return attachments;
  const content = checkContent(body);
  if (content !== undefined) return content;
  const trackLinks = text(body, "TrackLinks") ?? "None";
  if (!isTrackLinks(trackLinks))
    return apiError(INVALID_EMAIL_REQUEST, `Invalid 'TrackLinks': '${trackLinks}'.`);
  return {
    ...addresses,
    replyTo: text(body, "ReplyTo") ?? "",
    subject: text(body, "Subject") ?? "",
    html: text(body, "HtmlBody"),
    text: text(body, "TextBody"),
    stream: text(body, "MessageStream") ?? "outbound",
    tag: text(body, "Tag"),
    metadata: (body.Metadata ?? {}) as Record<string, string>,
    headers: (body.Headers ?? []) as Header[],
    attachments: attachments.list,
    trackOpens: body.TrackOpens === true,
    trackLinks,
  };
}

/** Everyone the message goes to, each address once, in lower case. */
export function recipientsOf(message: Message): string[] {
  const everyone = [...message.to, ...message.cc, ...message.bcc];
  return [...new Set(everyone.map(({ email }) => email.toLowerCase()))];
}

function checkShapes(body: Fields): ApiError | undefined {
  for (const field of TEXT_FIELDS) {
    const value = body[field] ?? "";
    if (typeof value !== "string") return apiError(INCOMPATIBLE_JSON, `'${field}' must be a string.`);
  }
  if (typeof (body.TrackOpens ?? false) !== "boolean") {
    return apiError(INCOMPATIBLE_JSON, "'TrackOpens' must be true or false.");
  }
  const metadata = body.Metadata ?? {};
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    return apiError(INCOMPATIBLE_JSON, "'Metadata' must hold strings.");
  }
  const headers = body.Headers ?? [];
  if (!Array.isArray(headers) || !headers.every(isHeader)) {
    return apiError(INCOMPATIBLE_JSON, "'Headers' must be a list of Name and Value.");
  }
  return undefined;
}

function readAddresses(body: Fields): Pick<Message, "from" | "to" | "cc" | "bcc"> | ApiError {
  const read: Record<string, Address[]> = {};
  for (const field of ["From", "To", "Cc", "Bcc"]) {
    const addresses = parseAddresses(text(body, field) ?? "");
    if (typeof addresses === "string")
      return apiError(INVALID_EMAIL_REQUEST, `Error parsing '${field}': ${addresses}`);
    read[field] = addresses;
  }
  const { From: senders = [], To: to = [], Cc: cc = [], Bcc: bcc = [] } = read;
  const [from] = senders;
  if (from === undefined || senders.length > 1) {
    return apiError(INVALID_EMAIL_REQUEST, `Invalid 'From' address: '${text(body, "From") ?? ""}'.`);
  }
  const count = to.length + cc.length + bcc.length;
  if (count === 0) return apiError(INVALID_EMAIL_REQUEST, "Zero recipients specified");
  if (count > MAXIMUM_RECIPIENTS) {
    return apiError(
      INVALID_EMAIL_REQUEST,
      `Maximum of ${MAXIMUM_RECIPIENTS} recipients allowed per email message.`,
    );
  }
  return { from, to, cc, bcc };
}

function checkContent(body: Fields): ApiError | undefined {
  const stream = text(body, "MessageStream") ?? "outbound";
  if (!STREAMS.includes(stream)) {
    return apiError(
      UNKNOWN_STREAM,
      `The 'MessageStream' provided does not exist on this server: '${stream}'.`,
    );
  }
  if (text(body, "HtmlBody") === undefined && text(body, "TextBody") === undefined) {
    return apiError(INVALID_EMAIL_REQUEST, "Provide either email TextBody or HtmlBody or both.");
  }
  const tooLong: [string, number, number][] = [
    ["Subject", text(body, "Subject")?.length ?? 0, MAXIMUM_SUBJECT_LENGTH],
    ["Tag", text(body, "Tag")?.length ?? 0, MAXIMUM_TAG_LENGTH],
  ];
  for (const [field, length, maximum] of tooLong) {
    if (length > maximum)
      return apiError(INVALID_EMAIL_REQUEST, `'${field}' is longer than ${maximum} characters.`);
  }
  return checkMetadata((body.Metadata ?? {}) as Record<string, string>);
}

function checkMetadata(metadata: Record<string, string>): ApiError | undefined {
  const entries = Object.entries(metadata);
  if (entries.length > MAXIMUM_METADATA_FIELDS) {
    return apiError(INVALID_EMAIL_REQUEST, `'Metadata' may hold ${MAXIMUM_METADATA_FIELDS} fields.`);
  }
  for (const [key, value] of entries) {
    if (key.length > MAXIMUM_METADATA_KEY_LENGTH || value.length > MAXIMUM_METADATA_VALUE_LENGTH) {
      return apiError(INVALID_EMAIL_REQUEST, `The 'Metadata' field '${key}' is too long.`);
    }
  }
  return undefined;
}

function text(body: Fields, field: string): string | undefined {
  const value = body[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHeader(value: unknown): value is Header {
  return isRecord(value) && typeof value.Name === "string" && typeof value.Value === "string";
}

function isTrackLinks(value: string): value is TrackLinks {
  return TRACK_LINKS.includes(value);
}

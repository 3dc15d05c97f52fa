import { ConnectorError, type ConnectorErrorKind } from "./contract.ts";
import { type Answer, exchange, TransportError } from "./transport.ts";

/** When a vendor says "too many" without saying for how long. */
const DEFAULT_RETRY_AFTER_SECONDS = 60;
/** Longer than this is taken for a slip of the vendor's. */
const LONGEST_RETRY_AFTER_SECONDS = 3_600;
/** How much of a vendor's own words is kept. */
const LONGEST_WORDS_CHARACTERS = 300;
/** Shorter strings are no secrets, and taking them out would garble the words. */
const SHORTEST_SECRET_CHARACTERS = 8;

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 is narrower; vendors are not. */
const SENDABLE_TOKEN = /^[\x21-\x7e]+$/;

/** A JSON number as the vendor wrote it, digit for digit: parsing it to a float would already be rounding. */
type Numeral = { numeral: string };

/** What a vendor says in an error answer. `kind` where its words change the meaning of the status. */
export type VendorWords = { code: string; message: string; kind?: ConnectorErrorKind | undefined };

export type VendorRequest = {
  /** GET is a read and changes nothing; each other method is a write. */
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  origin: string;
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  accessToken: string;
  /** Sent as JSON. Amounts are put in with `numeralOf`. */
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Finds the vendor's words in the parsed body of an error answer; undefined when they are not there. */
  readWords(body: unknown): VendorWords | undefined;
};

/**
 * Makes one request to a vendor and gives the parsed body of its 2xx answer, undefined when that is empty;
 * numbers in it are `Numeral`. Throws only `ConnectorError`: a read that fails is `outage`; a write is that
 * only when certainly nothing was sent, else `unclear`.
 */
export async function request(vendor: VendorRequest): Promise<unknown> {
  const isWrite = vendor.method !== "GET";
  const answer = await send(vendor, isWrite);
  if (answer.status < 200 || answer.status > 299) throw refusal(vendor, answer, isWrite);
  if (answer.body.byteLength === 0) return undefined;
  const body = parseAnswer(answer);
  if (body.ok) return body.value;
  throw isWrite
    ? new ConnectorError("unclear", `The request was taken, but its answer cannot be read: ${body.reason}`)
    : new ConnectorError("unreadable", body.reason);
}

/** The exact JSON numeral for decimal text such as `1250.10`; put it into a request's body. */
export function numeralOf(decimalText: string): unknown {
  return (JSON as typeof JSON & { rawJSON(text: string): unknown }).rawJSON(decimalText);
}

/**
 * Reads a `Retry-After` header: seconds or an HTTP date, as of `now`. Gives whole seconds between 1 and an
 * hour, and a minute when there is nothing to read. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterSeconds(header: string | null, now: Date): number {
  const text = header?.trim() ?? "";
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return DEFAULT_RETRY_AFTER_SECONDS;
  return Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_RETRY_AFTER_SECONDS);
}

async function send(vendor: VendorRequest, isWrite: boolean): Promise<Answer> {
  // The platform's error for a header that cannot be sent would quote the token.
  if (!SENDABLE_TOKEN.test(vendor.accessToken)) {
    throw new ConnectorError("auth", "The access token is not one that can be sent.");
  }
  const url = new URL(vendor.path, vendor.origin);
  for (const [name, value] of Object.entries(vendor.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const headers = new Headers({ accept: "application/json", authorization: `Bearer ${vendor.accessToken}` });
  const init: RequestInit = { method: vendor.method, headers };
  if (vendor.signal) init.signal = vendor.signal;
  if (vendor.body !== undefined) {
    headers.set("content-type", "application/json");
    init.body = JSON.stringify(vendor.body);
  }
  try {
    return await exchange(url, init);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (isWrite && error.fault !== "unsent") {
      throw new ConnectorError(
        "unclear",
        `It is not known whether the request took effect. ${error.message}`,
        {
          vendorCode: error.code,
        },
      );
    }
    const kind = error.fault === "tooLarge" ? "unreadable" : "outage";
    throw new ConnectorError(kind, error.message, { vendorCode: error.code });
  }
}

function refusal(vendor: VendorRequest, answer: Answer, isWrite: boolean): ConnectorError {
  const body = parseAnswer(answer);
  const words = body.ok ? vendor.readWords(body.value) : undefined;
  const kind = words?.kind ?? kindOf(answer.status, isWrite);
  const said = words === undefined ? "" : `: ${withoutSecret(words.message, vendor.accessToken)}`;
  return new ConnectorError(kind, `The vendor answered ${answer.status}${said}`, {
    vendorCode: words === undefined ? `http_${answer.status}` : withoutSecret(words.code, vendor.accessToken),
    retryAfterSeconds:
      kind === "rate" ? retryAfterSeconds(answer.headers.get("retry-after"), new Date()) : undefined,
  });
}

/** What a status means when the vendor's words do not say otherwise. */
function kindOf(status: number, isWrite: boolean): ConnectorErrorKind {
  if (status === 401 || status === 403) return "auth";
  if (status === 404 || status === 410) return "missing";
  if (status === 429) return "rate";
  // 408 is the vendor's own timeout: as little is known as after ours.
  if (status >= 400 && status < 500 && status !== 408) return "rejected";
  if (isWrite) return "unclear";
  // A redirect is not followed: it could carry the token elsewhere.
  return status < 400 ? "unreadable" : "outage";
}

type Parsed = { ok: true; value: unknown } | { ok: false; reason: string };

function parseAnswer(answer: Answer): Parsed {
  const mediaType = answer.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!/^application\/(?:[\w.+-]+\+)?json$/.test(mediaType)) {
    return { ok: false, reason: "The answer is not JSON." };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(answer.body);
    return { ok: true, value: JSON.parse(text, keepNumeral) };
  } catch (error) {
    // The parser's own message quotes the answer, which may hold anything.
    if (error instanceof SyntaxError || error instanceof TypeError) {
      return { ok: false, reason: "The answer is not well-formed JSON." };
    }
    throw error;
  }
}

function keepNumeral(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number") return value;
  return { numeral: context?.source ?? String(value) } satisfies Numeral;
}

/** A vendor may repeat what was sent to it. */
function withoutSecret(words: string, secret: string): string {
  const clean = secret.length < SHORTEST_SECRET_CHARACTERS ? words : words.replaceAll(secret, "[hidden]");
  return clean.slice(0, LONGEST_WORDS_CHARACTERS);
}

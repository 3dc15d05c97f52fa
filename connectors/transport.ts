import { ConnectorError } from "./contract.ts";

/** Connecting, sending and reading the whole answer together. */
export const REQUEST_TIMEOUT_MILLISECONDS = 20_000;
/** An answer that is larger than this is not read to its end. */
export const ANSWER_LIMIT_BYTES = 2 * 1024 * 1024;

/** Loopback is the one place where no one can listen on the wire. */
const LOOPBACK_HOST = /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Failures that happen before the first byte of a request is sent: the vendor cannot have acted. */
const UNSENT_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Why there is no whole answer. Made anew, because the error of the fetch may hold the request. */
export class TransportError extends Error {
  override readonly name = "TransportError";
  /**
   * `unsent`: certainly before anything was sent; `lost`: anything may have happened; `tooLarge`: answered,
   * beyond the limit.
   */
  readonly fault: "unsent" | "lost" | "tooLarge";
  readonly code: string | undefined;

  constructor(fault: TransportError["fault"], message: string, code?: string) {
    super(message);
    this.fault = fault;
    this.code = code;
  }
}

export type Answer = { status: number; headers: Headers; body: Uint8Array<ArrayBuffer> };

/** Whether a host is this machine itself, the only one that may be spoken to without TLS. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK_HOST.test(url.hostname);
}

/**
 * One request of a bounded time and answer, without following redirects. Gives any status; throws
 * `TransportError` when there is no whole answer, and `ConnectorError` of kind `rejected` for an address that
 * must not be spoken to.
 */
export async function exchange(url: URL, init: RequestInit): Promise<Answer> {
  requireSafe(url);
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), REQUEST_TIMEOUT_MILLISECONDS);
  const signal = init.signal ? AbortSignal.any([init.signal, clock.signal]) : clock.signal;
  if (signal.aborted) {
    clearTimeout(timer);
    throw new TransportError("unsent", "The request was given up before it was sent.");
  }
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    return { status: response.status, headers: response.headers, body: await readBounded(response) };
  } catch (error) {
    if (error instanceof TransportError) throw error;
    if (clock.signal.aborted) {
      throw new TransportError(
        "lost",
        `No answer within ${REQUEST_TIMEOUT_MILLISECONDS / 1000} seconds.`,
        "TIMEOUT",
      );
    }
    if (signal.aborted)
      throw new TransportError("lost", "The request was given up before its answer came.", "ABORTED");
    throw transportError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Throws `rejected` for an address that is not https (loopback aside) or that holds a password. */
export function requireSafe(url: URL): void {
  if (url.username !== "" || url.password !== "") {
    throw new ConnectorError("rejected", `The address of ${url.host} must not hold a user name or password.`);
  }
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) return;
  throw new ConnectorError("rejected", `${url.host} must be reached over https.`);
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body) {
    sizeBytes += chunk.byteLength;
    // Leaving the loop cancels the stream, so the rest is not received.
    if (sizeBytes > ANSWER_LIMIT_BYTES)
      throw new TransportError("tooLarge", "The answer is larger than 2 MB.");
    chunks.push(chunk);
  }
  return joined(chunks, sizeBytes);
}

function joined(chunks: readonly Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function transportError(error: unknown): TransportError {
  const code = codeOf(error) ?? codeOf(error instanceof Error ? error.cause : undefined);
  if (code !== undefined && UNSENT_CODES.has(code)) {
    return new TransportError("unsent", `No connection could be made (${code}).`, code);
  }
  return new TransportError(
    "lost",
    code === undefined ? "The connection failed." : `The connection failed (${code}).`,
    code,
  );
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

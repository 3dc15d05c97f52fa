import type nock from "nock";
import { expect, vi } from "vitest";
import type { ConnectorError, ConnectorErrorKind } from "./contract.ts";
import { SECRETS } from "./stage.suite.ts";
import { REQUEST_TIMEOUT_MILLISECONDS } from "./transport.ts";

const JSON_TYPE = { "content-type": "application/json" };
const RETRY_SECONDS = 17;
const RETRY_DATE_SECONDS = 120;

/** A way in which a call can go wrong, and what a connector must make of it. */
type Fault = {
  name: string;
  onRead: ConnectorErrorKind;
  onWrite: ConnectorErrorKind;
  stage(call: nock.Interceptor, refusal: (code: string, message: string) => string): void;
  check?(error: ConnectorError): void;
};

/** An answer that repeats the token, as a careless vendor's might. */
function refused(status: number, headers: Record<string, string> = {}): Fault["stage"] {
  return (call, refusal) =>
    call.reply(status, refusal("vendor_code", `Sorry about ${SECRETS.accessToken}`), {
      ...JSON_TYPE,
      ...headers,
    });
}

function failed(code: string): Fault["stage"] {
  return (call) =>
    call.replyWithError(Object.assign(new Error(`failed with ${SECRETS.accessToken}`), { code }));
}

export const FAULTS: readonly Fault[] = [
  { name: "401", onRead: "auth", onWrite: "auth", stage: refused(401) },
  { name: "403", onRead: "auth", onWrite: "auth", stage: refused(403) },
  { name: "404", onRead: "missing", onWrite: "missing", stage: refused(404) },
  {
    name: "422 with the vendor's words",
    onRead: "rejected",
    onWrite: "rejected",
    stage: refused(422),
    check(error) {
      expect(error.message).toContain("Sorry about");
      expect(error.vendorCode).toBe("vendor_code");
    },
  },
  {
    name: "429 for a number of seconds",
    onRead: "rate",
    onWrite: "rate",
    stage: refused(429, { "retry-after": String(RETRY_SECONDS) }),
    check: (error) => expect(error.retryAfterSeconds).toBe(RETRY_SECONDS),
  },
  {
    name: "429 until a date",
    onRead: "rate",
    onWrite: "rate",
    stage: (call, refusal) => {
      const until = new Date(Date.now() + RETRY_DATE_SECONDS * 1000).toUTCString();
      refused(429, { "retry-after": until })(call, refusal);
    },
    check(error) {
      expect(error.retryAfterSeconds).toBeGreaterThan(RETRY_DATE_SECONDS - 20);
      expect(error.retryAfterSeconds).toBeLessThanOrEqual(RETRY_DATE_SECONDS);
    },
  },
  {
    name: "429 without a time",
    onRead: "rate",
    onWrite: "rate",
    stage: refused(429),
    check: (error) => expect(error.retryAfterSeconds).toBeGreaterThan(0),
  },
  { name: "500", onRead: "outage", onWrite: "unclear", stage: refused(500) },
  {
    name: "a page of HTML with 502",
    onRead: "outage",
    onWrite: "unclear",
    stage: (call) => call.reply(502, "<html>Bad gateway</html>", { "content-type": "text/html" }),
  },
  {
    name: "a redirect",
    onRead: "unreadable",
    onWrite: "unclear",
    stage: (call) => call.reply(302, "", { location: "https://elsewhere.test/" }),
  },
  {
    name: "a garbage body",
    onRead: "unreadable",
    onWrite: "unclear",
    stage: (call) => call.reply(200, `{"data": ${SECRETS.accessToken}`, JSON_TYPE),
  },
  {
    name: "JSON of another shape",
    onRead: "unreadable",
    onWrite: "unclear",
    stage: (call) => call.reply(200, "[1, 2]", JSON_TYPE),
  },
  { name: "a cut connection", onRead: "outage", onWrite: "unclear", stage: failed("ECONNRESET") },
  { name: "a refused connection", onRead: "outage", onWrite: "outage", stage: failed("ECONNREFUSED") },
  { name: "a name that is not found", onRead: "outage", onWrite: "outage", stage: failed("ENOTFOUND") },
];

/** Stages an answer that never comes, runs the call and lets its time pass without waiting for it. */
export async function withoutAnswer<Result>(
  call: nock.Interceptor,
  run: () => Promise<Result>,
): Promise<PromiseSettledResult<Result>> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const asked = Promise.withResolvers<void>();
    call.reply(() => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    const outcome = Promise.allSettled([run()]);
    await asked.promise;
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MILLISECONDS);
    return (await outcome)[0];
  } finally {
    vi.useRealTimers();
  }
}

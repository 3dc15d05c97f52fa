import { inspect } from "node:util";
import nock from "nock";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type Access, ConnectorError, type Registration } from "./contract.ts";

/** What must never be seen in an error. */
export const SECRETS = {
  accessToken: "access-5b1f0c7e-only-for-tests",
  refreshToken: "refresh-93ad22f1-only-for-tests",
  nextAccessToken: "access-next-7d40c1aa-only-for-tests",
  nextRefreshToken: "refresh-next-0be611d2-only-for-tests",
  clientSecret: "client-secret-8c2f-only-for-tests",
  code: "code-44e1b0-only-for-tests",
} as const;

/** A registration at an origin that does not exist: whatever is not staged fails. */
export function registrationAt(origin: string): Registration {
  return { origin, clientId: "send-for-payment", clientSecret: SECRETS.clientSecret };
}

export function accessOf(registration: Registration): Access {
  return { registration, accessToken: SECRETS.accessToken };
}

/**
 * Turns the network off for the tests of a file; each must use up what it stages and ask for nothing else.
 */
export function useNetworkOff(): void {
  const unexpected: string[] = [];
  const note = (request: Request) => unexpected.push(`${request.method} ${request.url}`);
  beforeAll(() => {
    nock.disableNetConnect();
    nock.emitter.on("no match", note);
  });
  beforeEach(() => void unexpected.splice(0));
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.abortPendingRequests();
    nock.cleanAll();
    expect(unexpected, "requests that were not staged").toEqual([]);
    expect(pending, "staged answers that were not asked for").toEqual([]);
  });
  afterAll(() => {
    nock.emitter.off("no match", note);
    nock.enableNetConnect();
  });
}

/**
 * The ConnectorError that work ends in; fails when it ends otherwise, or when the error shows a secret
 * anywhere.
 */
export async function errorOf(work: Promise<unknown>): Promise<ConnectorError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  if (!(error instanceof ConnectorError)) throw new Error("not a ConnectorError");
  const whole = shownBy(error);
  for (const secret of Object.values(SECRETS)) expect(whole).not.toContain(secret);
  return error;
}

/** All that a log could print of an error: message, stack, own fields, and its causes in turn. */
function shownBy(error: unknown): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && at !== null && !seen.has(at); ) {
    seen.add(at);
    parts.push(inspect(at, { depth: 12, showHidden: true }), JSON.stringify(at) ?? "");
    if (!(at instanceof Error)) break;
    parts.push(at.message, at.stack ?? "");
    at = at.cause;
  }
  return parts.join("\n");
}

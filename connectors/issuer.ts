import * as oauth from "oauth4webapi";
import { ConnectorError, type Registration } from "./contract.ts";
import { exchange, isLoopback, TransportError } from "./transport.ts";

/** Metadata, and with it the keys, are read again after this long. */
const METADATA_LIFETIME_MILLISECONDS = 10 * 60 * 1000;
const METADATA_ENTRIES_LIMIT = 100;
/** Statuses with which a `Response` may not have a body. */
const BODILESS_STATUSES: ReadonlySet<number> = new Set([101, 204, 205, 304]);

type Known = { server: oauth.AuthorizationServer; readAt: number };

const known = new Map<string, Known>();

type FetchOptions = oauth.CustomFetchOptions<string, BodyInit | null | undefined>;

/** Options of every request to an authorization server. */
type IssuerOptions = {
  [oauth.customFetch]: typeof boundedFetch;
  [oauth.allowInsecureRequests]: boolean;
};

/**
 * The metadata of the authorization server at a registration's origin, which must name that origin as its
 * issuer. Kept for ten minutes. Throws `outage`, or `unreadable` when it is another issuer's or no metadata
 * at all.
 */
export async function discover(registration: Registration): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(registration.origin);
  const earlier = known.get(issuer.origin);
  if (earlier && Date.now() - earlier.readAt < METADATA_LIFETIME_MILLISECONDS) return earlier.server;
  const server = await readMetadata(issuer);
  known.delete(issuer.origin);
  const oldest = known.keys().next();
  if (known.size >= METADATA_ENTRIES_LIMIT && !oldest.done) known.delete(oldest.value);
  known.set(issuer.origin, { server, readAt: Date.now() });
  return server;
}

/** Options under which oauth4webapi keeps our limits; plain http is for loopback alone. */
export function issuerOptions(issuer: URL): IssuerOptions {
  return {
    [oauth.customFetch]: boundedFetch,
    [oauth.allowInsecureRequests]: isLoopback(issuer),
  };
}

async function readMetadata(issuer: URL): Promise<oauth.AuthorizationServer> {
  const answer = await askForMetadata(issuer);
  if (answer.status === 429 || answer.status >= 500) {
    throw new ConnectorError("outage", `The authorization server answered ${answer.status}.`);
  }
  try {
    return await oauth.processDiscoveryResponse(issuer, answer);
  } catch {
    // The library's error holds the whole answer; only the fact is passed on.
    throw new ConnectorError(
      "unreadable",
      `The authorization server's metadata is not that of ${issuer.origin}.`,
    );
  }
}

async function askForMetadata(issuer: URL): Promise<Response> {
  try {
    return await oauth.discoveryRequest(issuer, issuerOptions(issuer));
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    if (error instanceof TransportError) {
      throw new ConnectorError("outage", error.message, { vendorCode: error.code });
    }
    throw new ConnectorError("rejected", `${issuer.host} must be reached over https.`);
  }
}

async function boundedFetch(url: string, init: FetchOptions): Promise<Response> {
  const answer = await exchange(new URL(url), {
    method: init.method,
    headers: init.headers,
    body: init.body ?? null,
  });
  const body = BODILESS_STATUSES.has(answer.status) ? null : answer.body;
  return new Response(body, { status: answer.status, headers: answer.headers });
}

import { makeApp } from "../app.tsx";
import { type Environment, parseConfig } from "../base/config.ts";
import { buildClients, type Clients } from "../build.ts";
import { openDatabase } from "../db/open.ts";

/** What pages need at the same time; the runtime lets a request have six connections in all. */
const CONNECTIONS_PER_REQUEST = 2;

/** Variables and secrets by their name, and what else `wrangler.toml` binds. */
type Bindings = Readonly<Record<string, unknown>>;
type Lifetime = { waitUntil: (work: Promise<unknown>) => void };
type Prepared = { bindings: Bindings; databaseUrl: string; clients: Clients };

let prepared: Prepared | undefined;

// The web part on Cloudflare Workers. It enqueues jobs and does none: runners on Node (`npm run worker`) do them.
export default {
  async fetch(request: Request, bindings: Bindings, lifetime: Lifetime): Promise<Response> {
    const { databaseUrl, clients } = prepare(bindings);
    // A socket belongs to the request that opened it, so each request has a pool of its own, and an app around it.
    const database = openDatabase({
      url: databaseUrl,
      size: CONNECTIONS_PER_REQUEST,
      onError: (error) => clients.log.warn("a database connection broke", { reason: error.message }),
    });
    const app = makeApp({ ...clients, database });
    const response = await app.fetch(request, { incoming: connectionOf(request) });
    return closeAfter(response, database.close, lifetime, clients);
  },
};

/** The clients for these bindings, kept until a deployment changes them. Throws ConfigError. */
function prepare(bindings: Bindings): Prepared {
  if (prepared?.bindings === bindings) return prepared;
  const config = parseConfig(environmentOf(bindings));
  const clients = buildClients(config, undefined, console.log);
  prepared = { bindings, databaseUrl: config.DATABASE_URL, clients };
  return prepared;
}

/** The settings among the bindings. A Hyperdrive binding goes before a DATABASE_URL. */
function environmentOf(bindings: Bindings): Environment {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(bindings)) {
    if (typeof value === "string") environment[name] = value;
  }
  const { HYPERDRIVE: hyperdrive } = bindings as { HYPERDRIVE?: { connectionString: string } };
  return hyperdrive ? { ...environment, DATABASE_URL: hyperdrive.connectionString } : environment;
}

/**
 * Who called, in the form that Node's adapter gives it. X-Forwarded-For may be the caller's own invention here; this header never
 * is. https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
 */
function connectionOf(request: Request): { socket: { remoteAddress: string | undefined } } {
  return { socket: { remoteAddress: request.headers.get("CF-Connecting-IP") ?? undefined } };
}

/** The same response; when its body was read to the end or given up, the database is closed. */
function closeAfter(
  response: Response,
  close: () => Promise<void>,
  lifetime: Lifetime,
  { log }: Clients,
): Response {
  if (response.body === null) {
    lifetime.waitUntil(close());
    return response;
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sent = response.body.pipeTo(writable).catch((error) => {
    log.info("an answer was not read to its end", { reason: String(error) });
  });
  lifetime.waitUntil(sent.then(close));
  return new Response(readable, response);
}

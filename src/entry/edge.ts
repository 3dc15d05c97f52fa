import { makeApp } from "../app.tsx";
import { type Environment, parseConfig } from "../base/config.ts";
import { buildClients, type Clients } from "../build.ts";
import { type Database, openDatabase } from "../db/open.ts";

/** More than one for what a page reads side by side; the runtime allows a request six. */
const CONNECTIONS_PER_REQUEST = 2;

/** Variables and secrets by their name, and what else `wrangler.toml` binds. */
type Bindings = Readonly<Record<string, unknown>> & { HYPERDRIVE?: { connectionString: string } };
type Lifetime = { waitUntil: (work: Promise<unknown>) => void };
type Address = { url: string; isPooled: boolean };
type Prepared = { bindings: Bindings; address: Address; clients: Clients };

let prepared: Prepared | undefined;

// The web part on Cloudflare Workers. It enqueues jobs and does none: that is for runners on Node.
export default {
  async fetch(request: Request, bindings: Bindings, lifetime: Lifetime): Promise<Response> {
    const { address, clients } = prepare(bindings);
    // A socket belongs to the request that opened it: each has its own connections, and an app around them.
    const database = openConnections(address, clients.log);
    const app = makeApp({ ...clients, database });
    const response = await app.fetch(request, { incoming: connectionOf(request) });
    return closeAfter(response, database.close, lifetime);
  },
};

/** The clients for these bindings, kept until a deployment changes them. Throws ConfigError. */
function prepare(bindings: Bindings): Prepared {
  if (prepared?.bindings === bindings) return prepared;
  const config = parseConfig(environmentOf(bindings));
  const clients = buildClients(config, undefined, console.log);
  const address = { url: config.DATABASE_URL, isPooled: bindings.HYPERDRIVE !== undefined };
  prepared = { bindings, address, clients };
  return prepared;
}

/** The settings among the bindings. A Hyperdrive binding goes before a DATABASE_URL. */
function environmentOf(bindings: Bindings): Environment {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(bindings)) {
    if (typeof value === "string") environment[name] = value;
  }
  const { HYPERDRIVE: hyperdrive } = bindings;
  return hyperdrive ? { ...environment, DATABASE_URL: hyperdrive.connectionString } : environment;
}

/** The database for one request. It connects when it is first asked: a style sheet costs no connection. */
function openConnections(address: Address, log: Clients["log"]): Database {
  let isClosing = false;
  const database = openDatabase({
    ...address,
    size: CONNECTIONS_PER_REQUEST,
    onError: (error) => {
      // While we hang up, the socket reports just that as an error.
      if (!isClosing) log.warn("a database connection broke", { reason: error.message });
    },
  });
  return {
    kysely: database.kysely,
    close: () => {
      isClosing = true;
      return database.close();
    },
  };
}

/**
 * Who called, in the form that Node's adapter gives it. X-Forwarded-For may be the caller's own invention here;
 * this header never is.
 * https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip
 */
function connectionOf(request: Request): { socket: { remoteAddress: string | undefined } } {
  return { socket: { remoteAddress: request.headers.get("CF-Connecting-IP") ?? undefined } };
}

/** The same response; when its body was read to the end, or given up, the database is closed. */
function closeAfter(response: Response, close: () => Promise<void>, lifetime: Lifetime): Response {
  if (response.body === null) {
    lifetime.waitUntil(close());
    return response;
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  // A reader that went away breaks the pipe: nothing is left to be told of it.
  lifetime.waitUntil(response.body.pipeTo(writable).then(close, close));
  return new Response(readable, response);
}

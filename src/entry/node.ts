import { readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import path from "node:path";
import { getRequestListener } from "@hono/node-server";
import { makeApp } from "../app.tsx";
import { ConfigError, parseGiven } from "../base/config.ts";
import { build } from "../build.ts";
import { migrate } from "../db/migrate.ts";
import type { Runner } from "../queue/runner.ts";
import { type DemoLink, keepDemoFirm, makeDemoLinks } from "./demo-firm.ts";
import { runJobs } from "./run-jobs.ts";
import { onStop, stopWith } from "./stop.ts";
import { startSurroundings } from "./surroundings.ts";

const USUAL_PORT = 4000;
const ANY_PORT = 0;
/** Requests that run when the stop comes get this long. */
const REQUESTS_END_MS = 5_000;
const READY_FILE = "ready.json";

// The web server and, unless RUNNER=off, the job runner. Without settings also PostgreSQL and the sandbox.
const startedAt = performance.now();
try {
  await start();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  await stopWith(1);
}

async function start(): Promise<void> {
  const given = parseGiven(process.env);
  const server = createServer();
  const readyFile = path.join(path.resolve(given.DATA_FOLDER), READY_FILE);
  const port = await listen(server, given.HOST, given.PORT, await readEarlierPort(readyFile));
  const surroundings = await startSurroundings(process.env, `http://${given.HOST}:${port}`);
  onStop("database and sandbox", surroundings.stop);
  const { config } = surroundings;
  await migrate(surroundings.ownerUrl);
  const { cx, close } = build(config, surroundings.sandboxLinks, console.error);
  onStop("connections", close);
  if (surroundings.sandbox) await keepDemoFirm(cx);
  if (config.RUNNER === "on") watch(await runJobs(config, cx));
  server.on("request", getRequestListener(makeApp(cx).fetch));
  onStop("web server", () => closeServer(server));
  const links = surroundings.sandbox ? await makeDemoLinks(cx) : [];
  await announce(
    readyFile,
    { port, origin: config.PUBLIC_ORIGIN, sandbox: surroundings.sandbox, links },
    config.NODE_ENV !== "production",
  );
}

/**
 * The port that was asked for; else the one of the last start, so that links that were sent still open; else the usual one, or any
 * when other programs have them. Answers wait until the service is ready.
 */
async function listen(
  server: Server,
  host: string,
  wanted: number | undefined,
  earlier: number | undefined,
): Promise<number> {
  if (wanted !== undefined) {
    const failure = await tryPort(server, host, wanted);
    if (failure) throw new Error(`Port ${wanted} cannot be used: ${failure.message}`);
    return wanted;
  }
  for (const port of [earlier ?? USUAL_PORT, USUAL_PORT, ANY_PORT]) {
    if (await tryPort(server, host, port)) continue;
    const address = server.address();
    if (address !== null && typeof address !== "string") return address.port;
  }
  throw new Error("the web server found no port");
}

/** Listens there; gives the reason when it cannot. */
function tryPort(server: Server, host: string, port: number): Promise<Error | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen(port, host, () => {
      server.off("error", resolve);
      resolve(undefined);
    });
  });
}

/** What cannot be read is as good as nothing: the file only saves a choice. */
async function readEarlierPort(readyFile: string): Promise<number | undefined> {
  const text = await readFile(readyFile, "utf8").catch(() => "{}");
  try {
    const { port } = JSON.parse(text) as { port?: unknown };
    return typeof port === "number" ? port : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Facts = {
  port: number;
  origin: string;
  sandbox: Awaited<ReturnType<typeof startSurroundings>>["sandbox"];
  links: DemoLink[];
};

/** Says where everything is, to people on the terminal and to programs in a file of the data folder. */
async function announce(file: string, facts: Facts, keepsFile: boolean): Promise<void> {
  const { port, origin, sandbox, links } = facts;
  const lines = [
    `Send for Payment is ready at ${origin} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
  ];
  for (const link of links) lines.push(`  sign in as ${link.name} (${link.role}): ${link.url}`);
  if (sandbox) {
    lines.push(`  Docket, the sandbox's matter system: ${sandbox.docket.origin}`);
    lines.push(`  card processor: ${sandbox.processor.origin}/dashboard`);
    lines.push(`  outbox of the mail service: ${sandbox.mailbox.origin}/outbox`);
  }
  if (keepsFile) {
    const outside = sandbox && {
      docket: sandbox.docket,
      processor: sandbox.processor,
      mailbox: sandbox.mailbox,
    };
    await writeFile(
      file,
      `${JSON.stringify({ pid: process.pid, port, origin, links, sandbox: outside })}\n`,
      {
        mode: 0o600,
      },
    );
  }
  console.log(lines.join("\n"));
}

function watch(runner: Runner): void {
  runner.done.catch(async (error) => {
    console.error("the job runner broke", error);
    await stopWith(1);
  });
}

/** Takes no new request, and waits for the running ones. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Browsers keep connections open on which nothing was asked yet; they are not waited for.
    setTimeout(() => server.closeAllConnections(), REQUESTS_END_MS).unref();
  });
}

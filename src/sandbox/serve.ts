import { createServer, type RequestListener, type Server } from "node:http";

export type Running = {
  /** Where browsers and clients reach it, without a trailing slash. */
  origin: string;
  port: number;
  close: () => Promise<void>;
};

type Listen = {
  /** 0 or undefined takes a free port. */
  port?: number | undefined;
  /** The name in the origin; the socket always listens on 127.0.0.1. */
  hostname?: string | undefined;
};

/** Binds a server on 127.0.0.1, then asks for its listener, which may need to know its own origin. */
export async function listen(
  options: Listen,
  listener: (origin: string, server: Server) => RequestListener | Promise<RequestListener>,
): Promise<Running> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const origin = `http://${options.hostname ?? "127.0.0.1"}:${address.port}`;
  server.on("request", await listener(origin, server));
  return { origin, port: address.port, close: () => closeServer(server) };
}

/** Stops taking connections and cuts the idle and the slow ones. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/**
 * The frame of a stand-in's process: starts it, tells the parent on stdout in one line of JSON, and ends on SIGTERM, SIGINT or
 * when the parent is gone (its stdin closes), so that no stand-in outlives a parent that was killed.
 */
export async function runAsProcess(start: () => Promise<Running & Record<string, unknown>>): Promise<void> {
  const running = await start();
  const { close, ...facts } = running;
  process.stdout.write(`${JSON.stringify({ ready: true, ...facts })}\n`);
  const stop = () => void close().finally(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdin.on("end", stop).on("close", stop).resume();
}

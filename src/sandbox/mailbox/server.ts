import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { listen, type Running } from "../serve.ts";
import { apiRoutes } from "./api.ts";
import { controlRoutes } from "./control.ts";
import { startDispatcher } from "./dispatcher.ts";
import { createFaults } from "./faults.ts";
import { outboxRoutes } from "./outbox.tsx";
import type { Delays } from "./outcome.ts";
import { openStore } from "./store.ts";

export type MailboxOptions = {
  /** 0 or undefined takes a free port. */
  port?: number | undefined;
  /** The folder of the file that keeps everything; made where it is missing. */
  folder: string;
  /** The server token that senders must show. */
  token: string;
  /** Where the events go; may hold `user:password@`. Without it none are posted. */
  webhookUrl?: string | undefined;
  delays?: Partial<Delays> | undefined;
  retryDelaysMilliseconds?: readonly number[] | undefined;
};

const DELAYS: Delays = { deliveryMilliseconds: 250, slowDeliveryMilliseconds: 20_000 };
// Shorter than the real service's minutes and hours, so that a receiver that was restarted soon has its
// events.
const RETRY_DELAYS_MILLISECONDS = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

/**
 * Starts the mail service on 127.0.0.1: the Postmark sending API and its webhooks, the outbox page for people
 * and `/control` for scripts. Throws when the port is taken or the file cannot be opened.
 */
export async function startMailbox(options: MailboxOptions): Promise<Running> {
  const db = openStore(options.folder);
  const faults = createFaults();
  const dispatcher = startDispatcher({
    db,
    webhookUrl: options.webhookUrl,
    retryDelaysMilliseconds: options.retryDelaysMilliseconds ?? RETRY_DELAYS_MILLISECONDS,
  });
  const stopWorking = async () => {
    await dispatcher.stop();
    db.close();
  };
  const { wake } = dispatcher;
  const listener = (origin: string) => {
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.route(
      "/email",
      apiRoutes({ db, token: options.token, delays: { ...DELAYS, ...options.delays }, faults, wake }),
    );
    app.route("/control", controlRoutes({ db, faults, wake }));
    app.route("/", outboxRoutes({ db, origin, wake }));
    return getRequestListener(app.fetch, { overrideGlobalObjects: false });
  };
  try {
    const running = await listen({ port: options.port }, listener);
    return { ...running, close: () => running.close().then(stopWorking) };
  } catch (error) {
    await stopWorking();
    throw error;
  }
}

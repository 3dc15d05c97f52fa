import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { listen, type Running } from "../serve.ts";
import type { FeesPayer } from "./account-body.ts";
import { accountRoutes, seedAccounts } from "./accounts.ts";
import { releaseUnanswered } from "./api/idempotency.ts";
import { Problem, problemBody } from "./api/problems.ts";
import { apiApp } from "./api/serve.ts";
import { balanceRoutes } from "./balance.ts";
import { chargeRoutes, refundsOf } from "./charges.ts";
import { type Clock, runDueTasks, startClock } from "./clock.ts";
import { type Context, PLATFORM_ACCOUNT } from "./context.ts";
import { controlApp } from "./control/control.ts";
import { dashboardApp } from "./control/dashboard.tsx";
import { disputeRoutes } from "./disputes.ts";
import { hostedApp } from "./hosted/routes.tsx";
import { intentRoutes } from "./intents.ts";
import { payoutRoutes } from "./payouts.ts";
import { refundRoutes } from "./refunds.ts";
import { lineItemsOf, sessionRoutes } from "./sessions.ts";
import { openStore } from "./store/database.ts";
import { RETRY_DELAYS_MILLISECONDS } from "./webhooks/deliveries.ts";
import { endpointRoutes, keepManagedEndpoint } from "./webhooks/endpoints.ts";
import { eventRoutes } from "./webhooks/events.ts";
import { openSender } from "./webhooks/send.ts";

const BANK_DEBIT_DELAY_MILLISECONDS = 20_000;
const FOLLOW_UP_DELAY_MILLISECONDS = 2_000;
const MAX_BODY_BYTES = 1_000_000;

export type ProcessorOptions = {
  /** 0 or undefined takes a free port. */
  port?: number | undefined;
  /** The folder of the file that holds all state; made when it is not there. */
  data: string;
  /** The platform's secret key. */
  secretKey: string;
  /** An endpoint that hears of all connected accounts; without one nothing is delivered until one is made. */
  webhook?: { url: string; secret: string } | undefined;
  /** Connected accounts that exist from the start. */
  accounts?:
    | readonly { id: string; name: string; fees_payer: FeesPayer; bank_last4?: string | undefined }[]
    | undefined;
  /** How long a bank debit stays processing; default 20 seconds. */
  bankDebitDelayMilliseconds?: number | undefined;
  /**
   * How long after a payment a dispute, and after its creation a refund's or a payout's turn comes; default
   * 2 seconds.
   */
  followUpDelayMilliseconds?: number | undefined;
  /** The waits between the attempts to deliver an event. */
  retryDelaysMilliseconds?: readonly number[] | undefined;
  /** The present in milliseconds since 1970; default the machine's clock. */
  now?: (() => number) | undefined;
};

const ROUTES = [
  ...sessionRoutes,
  ...intentRoutes,
  ...chargeRoutes,
  ...refundRoutes,
  ...disputeRoutes,
  ...balanceRoutes,
  ...payoutRoutes,
  ...accountRoutes,
  ...eventRoutes,
  ...endpointRoutes,
];

const INCLUDES = {
  "checkout.session": {
    line_items: (cx: Context, body: Record<string, unknown>) => lineItemsOf(cx, String(body.id)),
  },
  charge: { refunds: (cx: Context, body: Record<string, unknown>) => refundsOf(cx, String(body.id)) },
};

/**
 * Starts the card processor's stand-in on 127.0.0.1; all of its state is in one file, which survives a
 * killed process.
 */
export async function startProcessor(options: ProcessorOptions): Promise<Running> {
  mkdirSync(options.data, { recursive: true });
  const store = openStore(join(options.data, "processor.db"));
  let clock: Clock | undefined;
  const running = await listen({ port: options.port }, (origin) => {
    const base: Context = {
      store,
      origin,
      account: PLATFORM_ACCOUNT,
      cause: { id: null, idempotency_key: null },
      delays: {
        bankDebitMilliseconds: options.bankDebitDelayMilliseconds ?? BANK_DEBIT_DELAY_MILLISECONDS,
        followUpMilliseconds: options.followUpDelayMilliseconds ?? FOLLOW_UP_DELAY_MILLISECONDS,
      },
      now: options.now ?? Date.now,
    };
    store.transaction(() => {
      releaseUnanswered(store);
      seedAccounts(base, options.accounts ?? []);
      if (options.webhook !== undefined)
        keepManagedEndpoint(base, options.webhook.url, options.webhook.secret);
    });
    const sender = openSender(base, options.retryDelaysMilliseconds ?? RETRY_DELAYS_MILLISECONDS);
    clock = startClock(base, sender);
    return getRequestListener(application(base, options.secretKey, clock).fetch);
  });
  return {
    ...running,
    close: async () => {
      await running.close();
      await clock?.stop();
      store.close();
    },
  };
}

function application(base: Context, secretKey: string, clock: Clock): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }));
  app.use(async (_c, next) => {
    // What is due has happened before anyone looks, and what a request set going starts at once.
    runDueTasks(base);
    await next();
    clock.wake();
  });
  app.route("/", apiApp({ base, secretKey, routes: ROUTES, includes: INCLUDES }));
  app.route("/", hostedApp(base));
  app.route("/", controlApp(base));
  app.route("/", dashboardApp(base));
  app.onError((error, c) => {
    if (error instanceof Problem) return c.json(problemBody(error, base.origin), error.status);
    process.stderr.write(`${error.stack ?? error.message}\n`);
    return c.json(problemBody(new Problem(500, "api_error", "An unknown error occurred"), base.origin), 500);
  });
  return app;
}

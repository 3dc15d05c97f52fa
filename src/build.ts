import type { Connector, Registration } from "../connectors/contract.ts";
import { connectors } from "../connectors/registry.ts";
import type { Config } from "./base/config.ts";
import { type Log, openLog } from "./base/log.ts";
import { openCaptcha } from "./captcha/siteverify.ts";
import type { Context } from "./context.ts";
import { openDatabase } from "./db/open.ts";
import { openMail } from "./mail/postmark.ts";
import { openProcessor } from "./stripe/client.ts";
import { openVault } from "./vault/seal.ts";

const STRIPE_API = "https://api.stripe.com";
const STRIPE_CHECKOUT = "https://checkout.stripe.com";
const STRIPE_DASHBOARD = "https://dashboard.stripe.com";

/** A context but for its database. It holds no connection, so many requests and jobs may share it. */
export type Clients = Omit<Context, "database">;

type Built = { cx: Context; close: () => Promise<void> };

/**
 * Makes the real clients and opens the database, once per process. `sandbox` holds the addresses of the stand-ins' screens, where
 * they run; `writeLine` takes each line of the log.
 */
export function build(
  config: Config,
  sandbox: Context["config"]["sandbox"],
  writeLine: (line: string) => void,
): Built {
  const clients = buildClients(config, sandbox, writeLine);
  const database = openDatabase({
    url: config.DATABASE_URL,
    size: config.DATABASE_POOL_SIZE,
    onError: (error) => clients.log.warn("a database connection broke", { reason: error.message }),
  });
  return { cx: { ...clients, database }, close: () => database.close() };
}

/** Makes the clients alone, for a runtime where each request opens its own connections to the database. */
export function buildClients(
  config: Config,
  sandbox: Context["config"]["sandbox"],
  writeLine: (line: string) => void,
): Clients {
  const log = openLog(config.LOG_LEVEL, writeLine);
  return {
    processor: openProcessor(config),
    mail: openMail(config),
    captcha: openCaptcha(config),
    vault: openVault(config.SEALING_KEYS, config.LINK_KEY),
    connectors: configured(config, log),
    config: {
      PUBLIC_ORIGIN: config.PUBLIC_ORIGIN,
      MAIL_FROM: config.MAIL_FROM,
      NODE_ENV: config.NODE_ENV,
      STRIPE_WEBHOOK_SECRET: config.STRIPE_WEBHOOK_SECRET,
      POSTMARK_WEBHOOK_PASSWORD: config.POSTMARK_WEBHOOK_PASSWORD,
      checkoutOrigin: config.STRIPE_API_BASE === STRIPE_API ? STRIPE_CHECKOUT : config.STRIPE_API_BASE,
      processorDashboard:
        config.STRIPE_API_BASE === STRIPE_API ? STRIPE_DASHBOARD : `${config.STRIPE_API_BASE}/dashboard`,
      trustedProxies: config.TRUSTED_PROXIES,
      sandbox,
    },
    log,
    now: () => new Date(),
  };
}

/** The connectors for which our registration at the vendor is set. */
function configured(config: Config, log: Log): Context["connectors"] {
  const registrations: Record<string, Registration | undefined> = { docket: docketRegistration(config) };
  const found = new Map<string, { connector: Connector; registration: Registration }>();
  for (const [key, connector] of connectors) {
    const registration = registrations[key];
    if (registration) found.set(key, { connector, registration });
    else log.info("a connector is not configured", { connector: key });
  }
  return found;
}

function docketRegistration(config: Config): Registration | undefined {
  const { DOCKET_ORIGIN: origin, DOCKET_CLIENT_ID: clientId, DOCKET_CLIENT_SECRET: clientSecret } = config;
  return origin && clientId && clientSecret ? { origin, clientId, clientSecret } : undefined;
}

import type { Connector, Registration } from "../connectors/contract.ts";
import type { Config } from "./base/config.ts";
import type { Log } from "./base/log.ts";
import type { Role } from "./base/permission.ts";
import type { Captcha } from "./captcha/port.ts";
import type { Database } from "./db/open.ts";
import type { Mail } from "./mail/port.ts";
import type { Processor } from "./stripe/port.ts";
import type { Vault } from "./vault/seal.ts";

/** Who acts. Stands in the audit log with each change. */
export type Actor =
  | { kind: "member"; id: string; name: string; role: Role; personId: string }
  | { kind: "payer"; name: string }
  | { kind: "system" | "processor" | "matter_system" | "mail"; name: string };

/** The settings that features read. */
type FeatureConfig = Pick<
  Config,
  "PUBLIC_ORIGIN" | "MAIL_FROM" | "NODE_ENV" | "STRIPE_WEBHOOK_SECRET" | "POSTMARK_WEBHOOK_PASSWORD"
> & {
  /** Where the hosted checkout page lives: an origin that the payer's form may lead to. */
  checkoutOrigin: string;
  /** Where the firm sees its payments at the processor itself; an address without a slash at its end. */
  processorDashboard: string;
  /** How many proxies of ours stand in front and add to X-Forwarded-For. */
  trustedProxies: number;
  /** Where the sandbox's screens are, for the strip at the top of staff pages; undefined without a sandbox. */
  sandbox: { docket: string; processor: string; outbox: string } | undefined;
};

/** What every verb and job is given. Made once per process, in build.ts. */
export type Context = {
  database: Database;
  processor: Processor;
  mail: Mail;
  captcha: Captcha;
  vault: Vault;
  /** The connectors that are configured, by key, each with our registration at the vendor. */
  connectors: ReadonlyMap<string, { connector: Connector; registration: Registration }>;
  config: FeatureConfig;
  log: Log;
  now: () => Date;
};

/** A context with a firm and somebody who acts in it. */
export type FirmContext = Context & { firmId: string; actor: Actor; requestId: string };

/** A firm's context in which a signed-in member acts. */
export type MemberContext = Context & {
  firmId: string;
  actor: Extract<Actor, { kind: "member" }>;
  requestId: string;
};

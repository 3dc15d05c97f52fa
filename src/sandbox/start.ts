import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./child.ts";
import { choosePorts, type PortName, type Ports, rememberPorts } from "./ports.ts";

type StandIn = "docket" | "processor" | "mailbox";

export type SandboxOptions = {
  /** Where the stand-ins keep their data; made where it is missing. */
  folder: string;
  /** Where the product is reached, without a trailing slash: the stand-ins call it there. */
  productOrigin: string;
  keys: {
    docketClientSecret: string;
    processorSecretKey: string;
    processorWebhookSecret: string;
    mailboxToken: string;
    mailboxWebhookPassword: string;
  };
  ports?: Ports | undefined;
  /** How many matters a new Docket starts with. */
  docketScale?: number | undefined;
  /** Called when a stand-in ends without having been stopped; the code is null after a signal. */
  onExit?: ((name: StandIn, code: number | null) => void) | undefined;
};

export type Sandbox = Record<StandIn, { origin: string; pid: number }> & {
  captcha: { origin: string };
  /** The product's environment variables that point it to the sandbox. */
  settings: Record<string, string>;
  stop: () => Promise<void>;
  /** Ends one stand-in as a crash would. */
  kill: (name: StandIn) => Promise<void>;
};

const NAMES: readonly StandIn[] = ["docket", "processor", "mailbox"];
const DOCKET_CLIENT_ID = "send-for-payment";
const APP_NAME = "Send for Payment";
const WEBHOOK_USER = "postmark";
// Only the trust account has its fees paid by the platform: nothing may ever be taken out of a trust account.
const ACCOUNTS = [
  {
    id: "acct_marlow_operating",
    name: "Marlow Keane LLP, operating",
    fees_payer: "account",
    bank_last4: "4417",
  },
  { id: "acct_marlow_trust", name: "Marlow Keane LLP, trust", fees_payer: "application", bank_last4: "8820" },
  // Connected and not used yet: to be added in Settings.
  {
    id: "acct_marlow_second",
    name: "Marlow Keane LLP, New York",
    fees_payer: "account",
    bank_last4: "2093",
  },
  {
    id: "acct_marlow_iolta2",
    name: "Marlow Keane LLP, second trust",
    fees_payer: "application",
    bank_last4: "7316",
  },
];

/**
 * Starts Docket, the card processor and the mail service (with the captcha verifier) as processes of their
 * own, on 127.0.0.1. When one does not start, the others are stopped and the reason is thrown.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const ports = await choosePorts(options.folder, options.ports ?? {});
  const environments = environmentsOf(options, ports);
  const start = (name: StandIn) =>
    startChild({
      name,
      script: fileURLToPath(new URL(`./${name}/main.ts`, import.meta.url)),
      env: environments[name],
      onExit: (code) => options.onExit?.(name, code),
    });
  const { docket, processor, mailbox } = await allOrNone(start);
  const origins = {
    docket: originOf(docket, "origin"),
    processor: originOf(processor, "origin"),
    mailbox: originOf(mailbox, "origin"),
    captcha: originOf(mailbox, "captcha_origin"),
  };
  await rememberPorts(options.folder, portsOf(origins));
  const children = { docket, processor, mailbox };
  return {
    docket: { origin: origins.docket, pid: docket.pid },
    processor: { origin: origins.processor, pid: processor.pid },
    mailbox: { origin: origins.mailbox, pid: mailbox.pid },
    captcha: { origin: origins.captcha },
    settings: settingsOf(options, origins),
    stop: async () => {
      await Promise.all(NAMES.map((name) => children[name].stop()));
    },
    kill: (name) => children[name].kill(),
  };
}

async function allOrNone(start: (name: StandIn) => Promise<Child>): Promise<Record<StandIn, Child>> {
  const starting = { docket: start("docket"), processor: start("processor"), mailbox: start("mailbox") };
  const results = await Promise.allSettled(Object.values(starting));
  const failure = results.find((result) => result.status === "rejected");
  if (failure === undefined) {
    return {
      docket: await starting.docket,
      processor: await starting.processor,
      mailbox: await starting.mailbox,
    };
  }
  await Promise.all(
    results.map((result) => (result.status === "fulfilled" ? result.value.stop() : undefined)),
  );
  throw failure.reason;
}

type Environments = Record<StandIn, Record<string, string>>;

function environmentsOf(options: SandboxOptions, ports: Record<PortName, number>): Environments {
  const { folder, productOrigin: product, keys, docketScale } = options;
  const mailWebhook = new URL(`${product}/hooks/postmark`);
  mailWebhook.username = WEBHOOK_USER;
  mailWebhook.password = keys.mailboxWebhookPassword;
  return {
    docket: {
      DOCKET_PORT: String(ports.docket),
      DOCKET_DATA: join(folder, "docket"),
      ...(docketScale === undefined ? {} : { DOCKET_SCALE: String(docketScale) }),
      DOCKET_CLIENT_ID,
      DOCKET_CLIENT_SECRET: keys.docketClientSecret,
      DOCKET_REDIRECT_URIS: `${product}/connections/callback/docket ${product}/signin/callback/docket`,
      DOCKET_LAUNCH_URL: `${product}/embed/launch/docket`,
      DOCKET_APP_NAME: APP_NAME,
    },
    processor: {
      PROCESSOR_PORT: String(ports.processor),
      PROCESSOR_DATA: join(folder, "processor"),
      PROCESSOR_SECRET_KEY: keys.processorSecretKey,
      PROCESSOR_WEBHOOK_URL: `${product}/hooks/stripe`,
      PROCESSOR_WEBHOOK_SECRET: keys.processorWebhookSecret,
      PROCESSOR_ACCOUNTS: JSON.stringify(ACCOUNTS),
    },
    mailbox: {
      MAILBOX_PORT: String(ports.mailbox),
      MAILBOX_DATA: join(folder, "mailbox"),
      MAILBOX_TOKEN: keys.mailboxToken,
      MAILBOX_WEBHOOK_URL: mailWebhook.href,
      CAPTCHA_PORT: String(ports.captcha),
    },
  };
}

function settingsOf({ keys }: SandboxOptions, origins: Record<PortName, string>): Record<string, string> {
  return {
    STRIPE_SECRET_KEY: keys.processorSecretKey,
    STRIPE_WEBHOOK_SECRET: keys.processorWebhookSecret,
    STRIPE_API_BASE: origins.processor,
    POSTMARK_SERVER_TOKEN: keys.mailboxToken,
    POSTMARK_API_BASE: origins.mailbox,
    POSTMARK_WEBHOOK_PASSWORD: keys.mailboxWebhookPassword,
    DOCKET_ORIGIN: origins.docket,
    DOCKET_CLIENT_ID,
    DOCKET_CLIENT_SECRET: keys.docketClientSecret,
    CAPTCHA_API_BASE: origins.captcha,
  };
}

function portsOf(origins: Record<PortName, string>): Record<PortName, number> {
  const port = (name: PortName) => Number(new URL(origins[name]).port);
  return {
    docket: port("docket"),
    processor: port("processor"),
    mailbox: port("mailbox"),
    captcha: port("captcha"),
  };
}

function originOf(child: Child, key: string): string {
  const origin = child.facts[key];
  if (typeof origin !== "string") throw new Error(`the ready line has no ${key}`);
  return origin;
}

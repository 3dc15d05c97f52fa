import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import {
  type Config,
  type Environment,
  parseConfig,
  parseGiven,
  wantsSandbox,
  withoutEmpty,
} from "../base/config.ts";
import type { Context } from "../context.ts";
import { type EmbeddedDatabase, startEmbedded } from "../db/embedded.ts";
import { type Sandbox, startSandbox } from "../sandbox/start.ts";
import { type EmbeddedKeys, keepKeys } from "./keys.ts";
import { isStopping } from "./stop.ts";

const SANDBOX_SETTINGS = "sandbox-settings.json";

/** Everything around the service, running: what was set in the environment, and the embedded default for the rest. */
type Surroundings = {
  config: Config;
  ownerUrl: string;
  sandbox: Sandbox | undefined;
  sandboxLinks: Context["config"]["sandbox"];
  /** Ends what this process started, and nothing else. */
  stop: () => Promise<void>;
};

/**
 * Brings up the database and the sandbox where nothing else is set, and completes the configuration with their addresses and keys.
 * `publicOrigin` is where the web server listens. Throws ConfigError.
 */
export async function startSurroundings(
  environment: Environment,
  publicOrigin: string,
): Promise<Surroundings> {
  const given = parseGiven(environment);
  const folder = path.resolve(given.DATA_FOLDER);
  const isProduction = given.NODE_ENV === "production";
  const keys = isProduction ? undefined : await keepKeys(folder);
  const origin = given.PUBLIC_ORIGIN ?? publicOrigin;
  const [database, sandbox] = await Promise.all([
    given.DATABASE_URL ? undefined : startEmbedded({ folder: path.join(folder, "postgres") }),
    keys && wantsSandbox(given) ? openSandbox(folder, origin, keys, given.DOCKET_SCALE) : undefined,
  ]);
  if (sandbox) await keepSandboxSettings(folder, { ...sandbox.settings, PUBLIC_ORIGIN: origin });
  const config = parseConfig({
    ...defaultsOf(keys, database, origin),
    ...sandbox?.settings,
    ...withoutEmpty(environment),
  });
  return {
    config,
    ownerUrl: config.DATABASE_OWNER_URL ?? config.DATABASE_URL,
    sandbox,
    sandboxLinks: sandbox && linksOf(sandbox),
    stop: async () => {
      await sandbox?.stop();
      await database?.stop();
    },
  };
}

/**
 * The same for a process beside a running service (worker, command line): its database is used when it runs, else started; its
 * sandbox is never started, only its addresses are read.
 */
export async function joinSurroundings(environment: Environment): Promise<Surroundings> {
  const given = parseGiven(environment);
  const folder = path.resolve(given.DATA_FOLDER);
  const keys = given.NODE_ENV === "production" ? undefined : await keepKeys(folder);
  const database = given.DATABASE_URL
    ? undefined
    : await startEmbedded({ folder: path.join(folder, "postgres") });
  const settings = keys && wantsSandbox(given) ? await readSandboxSettings(folder, keys) : {};
  const config = parseConfig({
    ...defaultsOf(keys, database, "http://127.0.0.1:4000"),
    ...settings,
    ...withoutEmpty(environment),
  });
  return {
    config,
    ownerUrl: config.DATABASE_OWNER_URL ?? config.DATABASE_URL,
    sandbox: undefined,
    sandboxLinks: undefined,
    stop: async () => {
      if (database && !database.wasRunning) await database.stop();
    },
  };
}

function openSandbox(
  folder: string,
  productOrigin: string,
  keys: EmbeddedKeys,
  docketScale: number | undefined,
): Promise<Sandbox> {
  return startSandbox({
    folder: path.join(folder, "sandbox"),
    productOrigin,
    keys,
    docketScale,
    onExit: (name, code) => {
      if (isStopping()) return;
      const words = `The sandbox's ${name} ended (${code ?? "killed"}). Start the service again to have it back.`;
      process.stderr.write(`${words}\n`);
    },
  });
}

function linksOf(sandbox: Sandbox): NonNullable<Context["config"]["sandbox"]> {
  return {
    docket: sandbox.docket.origin,
    processor: `${sandbox.processor.origin}/dashboard`,
    outbox: `${sandbox.mailbox.origin}/outbox`,
  };
}

function defaultsOf(
  keys: EmbeddedKeys | undefined,
  database: EmbeddedDatabase | undefined,
  origin: string,
): Environment {
  return {
    ...(keys ? { SEALING_KEYS: keys.SEALING_KEYS, LINK_KEY: keys.LINK_KEY, PUBLIC_ORIGIN: origin } : {}),
    ...(database ? { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl } : {}),
  };
}

/** With our own address: what a process beside us sends out, emails and registered webhooks, must lead here. */
async function keepSandboxSettings(folder: string, settings: Record<string, string>): Promise<void> {
  await writeFile(path.join(folder, SANDBOX_SETTINGS), `${JSON.stringify(settings)}\n`, { mode: 0o600 });
}

/** The addresses of the last start; before the first one, only keys are known and every address leads nowhere. */
async function readSandboxSettings(folder: string, keys: EmbeddedKeys): Promise<Record<string, string>> {
  try {
    return JSON.parse(await readFile(path.join(folder, SANDBOX_SETTINGS), "utf8")) as Record<string, string>;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return {
      STRIPE_SECRET_KEY: keys.processorSecretKey,
      STRIPE_WEBHOOK_SECRET: keys.processorWebhookSecret,
      POSTMARK_SERVER_TOKEN: keys.mailboxToken,
      POSTMARK_WEBHOOK_PASSWORD: keys.mailboxWebhookPassword,
    };
  }
}

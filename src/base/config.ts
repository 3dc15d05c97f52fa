import { z } from "zod";

/** Values from the environment, before anything is known of them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const origin = z
  .string()
  .regex(/^https?:\/\/[^/\s?#]+$/, "an origin such as https://pay.example.com, without a path");
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, "an address such as postgres://user:password@host:5432/name");
const base64Key = z
  .string()
  .regex(/^[A-Za-z0-9+/_-]{43}=?$/, "32 random bytes in base64, such as `openssl rand -base64 32` prints");
const sealingKeys = z
  .string()
  .regex(
    /^[a-z0-9]{1,16}:[A-Za-z0-9+/_-]{43}=?( [a-z0-9]{1,16}:[A-Za-z0-9+/_-]{43}=?)*$/,
    "one or more key ids with 32 bytes in base64, newest first: `k2:… k1:…`",
  );
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `a whole number from ${least} to ${most}`);

/** Every setting: name, form, default and what it is for. The README's table and `cli config` are made from this. */
const schema = z.object({
  NODE_ENV: z
    .enum(["production", "development", "test"])
    .default("development")
    .describe("`production` refuses default keys, the sandbox and plain HTTP"),
  HOST: z.string().min(1).default("127.0.0.1").describe("Address that the web server listens on"),
  PORT: whole(1, 65_535)
    .optional()
    .describe("Port of the web server; without it 4000, or a free one when 4000 is taken"),
  PUBLIC_ORIGIN: origin.optional().describe("Where browsers reach the service; https in production"),
  DATA_FOLDER: z
    .string()
    .min(1)
    .default(".data")
    .describe("Where the embedded default keeps its database, keys and sandbox"),
  SANDBOX: z
    .enum(["on", "off"])
    .optional()
    .describe("Stand-ins for the outside world; on unless STRIPE_SECRET_KEY is set"),
  DOCKET_SCALE: whole(1, 1_000_000).optional().describe("Number of matters in the sandbox's Docket"),
  DATABASE_URL: postgresUrl
    .optional()
    .describe(
      "PostgreSQL 15 or later; without it the embedded one. A login that is a member of sfp_app and sfp_queue",
    ),
  DATABASE_OWNER_URL: postgresUrl
    .optional()
    .describe("The owner's login, for migrations; DATABASE_URL when not set"),
  DATABASE_POOL_SIZE: whole(2, 200).default(10).describe("Connections per process"),
  SEALING_KEYS: sealingKeys.optional().describe("Keys that seal tokens at rest, newest first"),
  LINK_KEY: base64Key.optional().describe("Key from which payment links and sign-in links are derived"),
  RUNNER: z
    .enum(["on", "off"])
    .default("on")
    .describe("Whether `start` also runs jobs; `off` when `npm run worker` does"),
  RUNNER_CONCURRENCY: whole(1, 100).default(8).describe("Jobs that one runner does at the same time"),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, "a secret key that begins with sk_ or rk_")
    .optional()
    .describe("Platform's key at the card processor"),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_\S+( whsec_\S+)?$/, "one or two secrets that begin with whsec_")
    .optional()
    .describe("Secret of the Connect webhook endpoint; two while one is being replaced"),
  STRIPE_API_BASE: origin.default("https://api.stripe.com").describe("Card processor's API"),
  POSTMARK_SERVER_TOKEN: z.string().min(8, "a server token").optional().describe("Mail service's token"),
  POSTMARK_API_BASE: origin.default("https://api.postmarkapp.com").describe("Mail service's API"),
  POSTMARK_WEBHOOK_PASSWORD: z
    .string()
    .min(16, "at least 16 characters")
    .optional()
    .describe("Password of the mail service's webhooks (basic auth, user `postmark`)"),
  MAIL_FROM: z
    .email("an email address")
    .default("payments@sendforpayment.example")
    .describe("Sender of all mail; a confirmed sender signature"),
  CAPTCHA_API_BASE: origin
    .optional()
    .describe("One address that answers for the three makers of captchas; without it each maker's own"),
  DOCKET_ORIGIN: origin.optional().describe("Where Docket is"),
  DOCKET_CLIENT_ID: z.string().min(1).optional().describe("Our registration at Docket"),
  DOCKET_CLIENT_SECRET: z
    .string()
    .min(16, "at least 16 characters")
    .optional()
    .describe("Our secret at Docket"),
  TRUSTED_PROXIES: whole(0, 5).default(0).describe("Number of proxies in front that add to X-Forwarded-For"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error"])
    .default("info")
    .describe("Least level that is logged"),
});

const NEEDED = [
  "PUBLIC_ORIGIN",
  "DATABASE_URL",
  "SEALING_KEYS",
  "LINK_KEY",
  "STRIPE_SECRET_KEY",
  "STRIPE_WEBHOOK_SECRET",
  "POSTMARK_SERVER_TOKEN",
  "POSTMARK_WEBHOOK_PASSWORD",
] as const;
const SECRET = /KEY|SECRET|PASSWORD|TOKEN|DATABASE/;
/** Of a shorter secret not even the beginning is shown. */
const SHORT_SECRET_LENGTH = 16;
const FIT_FOR_PRODUCTION = "whatever the embedded default makes is not for production";

type Settings = z.infer<typeof schema>;
type NeededName = (typeof NEEDED)[number];

/** All settings in force, complete. */
export type Config = Omit<Settings, NeededName> & { [Name in NeededName]: NonNullable<Settings[Name]> };

/** One fault of a setting: its name, what was found (masked where secret), what is expected. */
type ConfigFault = { name: string; found: string; expected: string };

/** Thrown with every fault at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: ConfigFault[]) {
    const lines = faults.map((fault) => `  ${fault.name}: found ${fault.found}, expected ${fault.expected}`);
    super(`These settings need a change:\n${lines.join("\n")}`);
    this.faults = faults;
  }
}

/** What is given in the environment, checked, before the embedded default fills in the rest. Throws ConfigError. */
export function parseGiven(environment: Environment): Settings {
  const given = withoutEmpty(environment);
  const parsed = schema.safeParse(given);
  const faults = parsed.success
    ? []
    : parsed.error.issues.map((issue) => faultOf(issue.path.join("."), issue.message, given));
  if (given.NODE_ENV === "production") faults.push(...productionFaults(given));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  return parsed.data;
}

/** The complete configuration. Throws ConfigError when a setting is bad or missing. */
export function parseConfig(environment: Environment): Config {
  const settings = parseGiven(environment);
  const missing = NEEDED.filter((name) => settings[name] === undefined);
  if (missing.length > 0)
    throw new ConfigError(missing.map((name) => ({ name, found: "nothing", expected: describe(name) })));
  return settings as Config;
}

/** Whether the sandbox is wanted: said so, or nothing real is set. */
export function wantsSandbox(settings: Settings): boolean {
  return settings.SANDBOX === undefined
    ? settings.STRIPE_SECRET_KEY === undefined
    : settings.SANDBOX === "on";
}

/** What is in force, a line per setting, secrets masked. For `cli config`. */
export function describeConfig(environment: Environment): { name: string; value: string; purpose: string }[] {
  const settings: Record<string, unknown> = parseGiven(environment);
  return Object.keys(schema.shape).map((name) => {
    const value = settings[name];
    const shown = value === undefined ? "(embedded default)" : mask(name, String(value));
    return { name, value: shown, purpose: describe(name) };
  });
}

function productionFaults(given: Environment): ConfigFault[] {
  const faults: ConfigFault[] = [];
  for (const name of NEEDED) {
    if (given[name] === undefined)
      faults.push({ name, found: "nothing", expected: `${describe(name)} (${FIT_FOR_PRODUCTION})` });
  }
  if (given.SANDBOX === "on")
    faults.push({ name: "SANDBOX", found: "on", expected: "off or nothing in production" });
  for (const name of [
    "PUBLIC_ORIGIN",
    "STRIPE_API_BASE",
    "POSTMARK_API_BASE",
    "CAPTCHA_API_BASE",
    "DOCKET_ORIGIN",
  ]) {
    const value = given[name];
    if (value?.startsWith("http://"))
      faults.push({ name, found: value, expected: "an https address in production" });
  }
  for (const name of ["SEALING_KEYS", "LINK_KEY"]) {
    const value = given[name];
    if (value !== undefined && /(.)\1{15}/.test(value))
      faults.push({ name, found: mask(name, value), expected: "a random key" });
  }
  return faults;
}

function faultOf(name: string, message: string, given: Environment): ConfigFault {
  const found = given[name];
  return {
    name,
    found: found === undefined ? "nothing" : JSON.stringify(mask(name, found)),
    expected: message.replace(/^Invalid (option|input): expected /, ""),
  };
}

function describe(name: string): string {
  const shape = schema.shape as Record<string, { description?: string | undefined } | undefined>;
  return shape[name]?.description ?? name;
}

function mask(name: string, value: string): string {
  if (!SECRET.test(name) || name === "DATABASE_POOL_SIZE") return value;
  if (name.startsWith("DATABASE")) return maskAddress(value);
  const shown = value.length < SHORT_SECRET_LENGTH ? "" : value.slice(0, 4);
  return `${shown}…(${value.length} characters)`;
}

/** An address without its password, wherever that stands; what is no address at all may be a password alone. */
function maskAddress(value: string): string {
  if (!value.includes("://")) return `…(${value.length} characters)`;
  return value.replace(/:\/\/([^:@/]*):.*@/, "://$1:****@").replace(/([?&]\w*password=)[^&]*/gi, "$1****");
}

/** The settings that say something: `NAME=` in an environment file is as good as no line at all. */
export function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
}

/** Name, default and purpose of every setting, in order. */
export function listSettings(): { name: string; purpose: string }[] {
  return Object.keys(schema.shape).map((name) => ({ name, purpose: describe(name) }));
}

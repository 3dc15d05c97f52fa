import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createFaults, faultRoutes, meetFaults } from "../mailbox/faults.ts";
import { listen, type Running } from "../serve.ts";
import { createTokens, type TokenFacts, writeToken } from "./tokens.ts";
import { type KeyPair, SANDBOX_KEYS, TEST_KEYS, VENDORS, type Vendor } from "./vendors.ts";
import { type Question, type Verifier, verify } from "./verify.ts";
import { widgetScript } from "./widget.ts";

export type CaptchaOptions = {
  /** 0 or undefined takes a free port. */
  port?: number | undefined;
  /** Pairs to know beside the vendors' test pairs and the sandbox's own. */
  keys?: readonly KeyPair[] | undefined;
  now?: (() => Date) | undefined;
};

const VERIFY_PATHS: Record<Vendor, string> = {
  recaptcha: "/recaptcha/api/siteverify",
  turnstile: "/turnstile/v0/siteverify",
  hcaptcha: "/hcaptcha/siteverify",
};
const SCRIPT_PATHS: Record<Vendor, string> = {
  recaptcha: "/recaptcha/api.js",
  turnstile: "/turnstile/v0/api.js",
  hcaptcha: "/hcaptcha/1/api.js",
};
const FAULT_NAMES = { down: "error", slow: "latency" } as const;
const DEFAULT_SCORE = 0.9;
const MAXIMUM_BODY_BYTES = 64 * 1024;
const MILLISECONDS_PER_SECOND = 1_000;

/**
 * Starts the captcha verifier on 127.0.0.1: reCAPTCHA, Turnstile and hCaptcha each under its path,
 * `/widget.js?vendor=` for pages, `/control/token` and `/control/faults` for scripts. Throws when the port is
 * taken.
 */
export async function startCaptcha(options: CaptchaOptions): Promise<Running> {
  const verifier: Verifier = {
    keys: [...TEST_KEYS, ...SANDBOX_KEYS, ...(options.keys ?? [])],
    tokens: createTokens(),
    now: options.now ?? (() => new Date()),
  };
  const faults = createFaults();
  const app = new Hono<{ Bindings: HttpBindings }>();
  const down = () => new Response("Service Unavailable", { status: 503 });
  const tooMany = () => new Response("Too Many Requests", { status: 429 });
  for (const vendor of Object.keys(VENDORS).filter(isVendor)) {
    const path = VERIFY_PATHS[vendor];
    app.use(
      path,
      bodyLimit({ maxSize: MAXIMUM_BODY_BYTES }),
      meetFaults(faults, { error: down, rateLimit: tooMany }),
    );
    app.post(path, async (c) => {
      const question = await readQuestion(c, vendor);
      if (question === undefined) return c.json({ success: false, "error-codes": ["bad-request"] });
      return c.json(verify(verifier, vendor, question));
    });
    app.get(SCRIPT_PATHS[vendor], (c) => script(c, verifier, vendor));
  }
  app.get("/widget.js", (c) => {
    const vendor = c.req.query("vendor") ?? "recaptcha";
    return isVendor(vendor) ? script(c, verifier, vendor) : c.text("Unknown vendor", 400);
  });
  app.get("/control/health", (c) => c.json({ ok: true }));
  app.route("/control/faults", faultRoutes(faults, FAULT_NAMES));
  app.post("/control/token", async (c) => mintForScript(c, verifier));
  const handle = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return listen({ port: options.port }, () => handle);
}

function script(c: Context, { tokens, now }: Verifier, vendor: Vendor): Response {
  const id = tokens.mint({ vendor, mintedAt: now(), score: DEFAULT_SCORE });
  const headers = { "content-type": "text/javascript; charset=utf-8", "cache-control": "no-store" };
  return c.body(widgetScript(vendor, id), 200, headers);
}

/** `{ vendor?, site_key?, hostname?, action?, cdata?, score?, age_seconds? }` to `{ token, field }`. */
async function mintForScript(c: Context, { keys, tokens, now }: Verifier): Promise<Response> {
  const body = (await c.req.json().catch(() => ({}))) as Record<string, unknown>;
  const { vendor = "recaptcha", score = DEFAULT_SCORE, age_seconds: ageSeconds = 0 } = body;
  const key = keys.find((pair) => pair.vendor === vendor && pair.verdict === undefined);
  if (!isVendor(vendor) || typeof score !== "number" || typeof ageSeconds !== "number") {
    return c.json(
      { error: `vendor is one of ${Object.keys(VENDORS).join(", ")}; score, age_seconds are numbers` },
      400,
    );
  }
  const facts: TokenFacts = {
    siteKey: textOr(body.site_key, key?.siteKey ?? ""),
    hostname: textOr(body.hostname, "localhost"),
    ...(typeof body.action === "string" ? { action: body.action } : {}),
    ...(typeof body.cdata === "string" ? { cdata: body.cdata } : {}),
  };
  const mintedAt = new Date(now().getTime() - ageSeconds * MILLISECONDS_PER_SECOND);
  const id = tokens.mint({ vendor, mintedAt, score });
  return c.json({ token: writeToken(id, facts), field: VENDORS[vendor].field }, 201);
}

/** Reads the form, or the JSON that Turnstile takes too; undefined when it is neither. */
async function readQuestion(c: Context, vendor: Vendor): Promise<Question | undefined> {
  const type = c.req.header("content-type") ?? "";
  const isJson = type.startsWith("application/json") && vendor === "turnstile";
  if (!isJson && !/^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(type)) return undefined;
  const fields: unknown = await (isJson ? c.req.json() : c.req.parseBody()).catch(() => undefined);
  if (typeof fields !== "object" || fields === null) return undefined;
  const { secret, response, sitekey, idempotency_key } = fields as Record<string, unknown>;
  return {
    secret: textOr(secret, undefined),
    response: textOr(response, undefined),
    sitekey: textOr(sitekey, undefined),
    idempotencyKey: vendor === "turnstile" ? textOr(idempotency_key, undefined) : undefined,
  };
}

function textOr<Fallback extends string | undefined>(value: unknown, fallback: Fallback): string | Fallback {
  return typeof value === "string" ? value : fallback;
}

function isVendor(value: unknown): value is Vendor {
  return typeof value === "string" && Object.hasOwn(VENDORS, value);
}

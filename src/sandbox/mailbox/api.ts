import type { DatabaseSync } from "node:sqlite";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { formatAddress } from "./addresses.ts";
import {
  type ApiError,
  apiError,
  BAD_TOKEN,
  BATCH_TOO_LARGE,
  errorBody,
  errorResponse,
  INACTIVE_RECIPIENT,
  INCOMPATIBLE_JSON,
  INVALID_EMAIL_REQUEST,
  INVALID_JSON,
  JSON_REQUIRED,
  RATE_LIMITED,
} from "./api-error.ts";
import { type Faults, meetFaults } from "./faults.ts";
import { type Message, readMessage, recipientsOf } from "./message.ts";
import { findSuppressed, saveMessage } from "./messages.ts";
import { type Delays, isAlwaysInactive, planFate } from "./outcome.ts";
import { inTransaction } from "./store.ts";
import { postmarkTime } from "./webhook-body.ts";

type ApiOptions = {
  db: DatabaseSync;
  token: string;
  delays: Delays;
  faults: Faults;
  wake: () => void;
};

type Accepted = Record<string, string | number>;
type Env = { Bindings: HttpBindings; Variables: { dryRun: boolean } };

/** Validates as usual, answers as usual, sends nothing: https://postmarkapp.com/support/article/1213 */
const TEST_TOKEN = "POSTMARK_API_TEST";
const MAXIMUM_BATCH = 500;
const MAXIMUM_MESSAGE_BYTES = 10 * 1024 * 1024;
const MAXIMUM_BATCH_BYTES = 50 * 1024 * 1024;
const ABOUT_INACTIVE =
  "Inactive recipients are ones that have generated a hard bounce, a spam complaint, " +
  "or a manual suppression.";

/** The sending half of the Postmark API: `POST /email` and `POST /email/batch`. */
export function apiRoutes(options: ApiOptions): Hono<Env> {
  const routes = new Hono<Env>();
  routes.use("*", async (c, next) => {
    const refusal = checkToken(c.req.header("x-postmark-server-token"), options.token);
    if (refusal !== undefined) return errorResponse(refusal);
    c.set("dryRun", c.req.header("x-postmark-server-token") === TEST_TOKEN);
    return next();
  });
  routes.use("*", meetFaults(options.faults, faultAnswers));
  routes.post("/", limit(MAXIMUM_MESSAGE_BYTES), async (c) => {
    const body = await readJson(c);
    if ("error" in body) return errorResponse(body.error);
    const result = inTransaction(options.db, () => send(options, body.value, new Date(), c.var.dryRun));
    options.wake();
    return isError(result) ? errorResponse(result) : c.json(result);
  });
  routes.post("/batch", limit(MAXIMUM_BATCH_BYTES), async (c) => {
    const body = await readJson(c);
    if ("error" in body) return errorResponse(body.error);
    if (!Array.isArray(body.value))
      return errorResponse(apiError(INCOMPATIBLE_JSON, "Expected a list of messages."));
    if (body.value.length > MAXIMUM_BATCH) return errorResponse(BATCH_ERROR);
    const messages: unknown[] = body.value;
    const at = new Date();
    const results = inTransaction(options.db, () =>
      messages.map((item) => send(options, item, at, c.var.dryRun)),
    );
    options.wake();
    return c.json(results.map((result) => (isError(result) ? errorBody(result) : result)));
  });
  return routes;
}

const BATCH_ERROR = apiError(
  BATCH_TOO_LARGE,
  `You may only send up to ${MAXIMUM_BATCH} messages in a single batched request.`,
);
const faultAnswers = {
  error: () => Response.json({ ErrorCode: 0, Message: "Internal Server Error" }, { status: 500 }),
  rateLimit: () =>
    errorResponse(apiError(RATE_LIMITED, "Rate limit exceeded. Please reduce your request rate.")),
};

function send({ db, delays }: ApiOptions, body: unknown, at: Date, dryRun: boolean): Accepted | ApiError {
  const message = readMessage(body);
  if ("code" in message) return message;
  if (dryRun) return accepted(message, crypto.randomUUID(), at, "Test job accepted");
  const recipients = recipientsOf(message);
  const inactive = new Set([...findSuppressed(db, recipients), ...recipients.filter(isAlwaysInactive)]);
  const names = [...inactive].join(", ");
  if (inactive.size === recipients.length) {
    const words = "You tried to send to recipient(s) that have been marked as inactive.";
    return apiError(INACTIVE_RECIPIENT, `${words} Found inactive addresses: ${names}. ${ABOUT_INACTIVE}`);
  }
  const id = saveMessage(db, message, inactive, at);
  for (const recipient of recipients) {
    if (!inactive.has(recipient)) planFate(db, id, recipient, at, delays);
  }
  const words =
    names === "" ? "OK" : `Message OK, but will not deliver to these inactive addresses: ${names}.`;
  return accepted(message, id, at, words);
}

function accepted(message: Message, id: string, at: Date, words: string): Accepted {
  const copies: Accepted = {};
  if (message.cc.length > 0) copies.Cc = message.cc.map(formatAddress).join(", ");
  if (message.bcc.length > 0) copies.Bcc = message.bcc.map(formatAddress).join(", ");
  const to = message.to.map(formatAddress).join(", ");
  return { To: to, ...copies, SubmittedAt: postmarkTime(at), MessageID: id, ErrorCode: 0, Message: words };
}

function checkToken(given: string | undefined, expected: string): ApiError | undefined {
  if (given === undefined || given === "") {
    return apiError(BAD_TOKEN, "No Account or Server API tokens were supplied in the HTTP headers.");
  }
  if (given === expected || given === TEST_TOKEN) return undefined;
  return apiError(BAD_TOKEN, "Request does not contain a valid Server token.");
}

async function readJson(c: Context): Promise<{ value: unknown } | { error: ApiError }> {
  const type = c.req.header("content-type") ?? "";
  if (!type.toLowerCase().startsWith("application/json")) {
    return { error: apiError(JSON_REQUIRED, "The Content-Type header must be application/json.") };
  }
  try {
    return { value: JSON.parse(await c.req.text()) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { error: apiError(INVALID_JSON, `Received invalid JSON input. ${reason}`) };
  }
}

function limit(maxSize: number) {
  const words = `The message with its attachments is larger than ${maxSize} bytes.`;
  return bodyLimit({ maxSize, onError: () => errorResponse(apiError(INVALID_EMAIL_REQUEST, words)) });
}

function isError(result: Accepted | ApiError): result is ApiError {
  return "status" in result;
}

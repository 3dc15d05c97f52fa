import Stripe from "stripe";
import type { Config } from "../base/config.ts";
import { EVENT_TYPES, readEvent, verifyDelivery } from "./event.ts";
import { openHttp } from "./http.ts";
import { readPages } from "./pages.ts";
import { findPayout, listMovements, listPayouts } from "./payouts.ts";
import { type CheckoutRequest, type Processor, ProcessorError, type ProcessorEvent } from "./port.ts";
import { demandList, demandObject, METADATA, readPayment, readSession } from "./read.ts";
import { readAccount } from "./read-account.ts";
import { toProcessorError } from "./refusal.ts";
import { createRefund, findUndone } from "./undone.ts";

/** For one attempt: a payer waits for the answer. The library's own default is 80 seconds. */
const TIMEOUT_MS = 10_000;
/** The library repeats what got no answer, 409 and 5xx, with the same key, after half a second and more. */
const NETWORK_RETRIES = 2;
/** Ten thousand events of one account since the last look; more than a month of the largest firm. */
const EVENT_PAGES_LIMIT = 100;
/** https://docs.stripe.com/api/events/list#list_events-types */
const TYPES_LIMIT = 20;
const DISPUTES_LIMIT = 10;
/** https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items-price_data-product_data-name */
const NAME_LENGTH_LIMIT = 250;
const METHODS = { card: "card", bank_debit: "us_bank_account" } as const;
const MILLISECONDS = 1_000;

type Settings = Pick<Config, "STRIPE_SECRET_KEY" | "STRIPE_API_BASE" | "STRIPE_WEBHOOK_SECRET">;

/** The way to Stripe, on its API version that the library pins. Every failure is a ProcessorError. */
export function openProcessor(config: Settings): Processor {
  const base = new URL(config.STRIPE_API_BASE);
  const client = new Stripe(config.STRIPE_SECRET_KEY, {
    host: base.hostname,
    protocol: base.protocol === "http:" ? "http" : "https",
    port: base.port === "" ? (base.protocol === "http:" ? 80 : 443) : base.port,
    httpClient: openHttp(),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: NETWORK_RETRIES,
    telemetry: false,
  });
  const secrets = config.STRIPE_WEBHOOK_SECRET.split(" ");
  return {
    findAccount: (account) => asked(() => findAccount(client, account)),
    createCheckout: (request) => asked(() => createCheckout(client, request)),
    findCheckout: (account, id) => asked(() => findCheckout(client, account, id)),
    expireCheckout: (account, id) => asked(() => expireCheckout(client, account, id)),
    findPayment: (account, id) => asked(() => findPayment(client, account, id)),
    verifyEvent: (rawBody, signature, now) =>
      asked(() => verifyDelivery(client, secrets, { rawBody, signature, now })),
    listEvents: (account, since, limit) => asked(() => listEvents(client, account, since, limit)),
    createRefund: (request) => asked(() => createRefund(client, request)),
    findUndone: (account, id) => asked(() => findUndone(client, account, id)),
    findPayout: (account, id) => asked(() => findPayout(client, account, id)),
    listPayouts: (account, since) => asked(() => listPayouts(client, account, since)),
    listMovements: (account, wish, after) => asked(() => listMovements(client, account, wish, after)),
  };
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw toProcessorError(error);
  }
}

/**
 * The key that the library makes covers the attempts of one call only. Ours is the stored checkout: a call after a crash or a lost
 * answer gets the session that the first one made. https://docs.stripe.com/api/idempotent_requests
 */
async function createCheckout(client: Stripe, request: CheckoutRequest) {
  const session = await client.checkout.sessions.create(parametersOf(request), {
    idempotencyKey: request.checkoutId,
    stripeAccount: request.processorAccount,
  });
  const facts = readSession(session);
  if (facts.url === undefined) throw new ProcessorError("unreadable", "a new session has no address");
  return facts;
}

function parametersOf(request: CheckoutRequest): Stripe.Checkout.SessionCreateParams {
  const metadata = {
    [METADATA.firm]: request.firmId,
    [METADATA.link]: request.linkId,
    [METADATA.checkout]: request.checkoutId,
  };
  return {
    mode: "payment",
    submit_type: "pay",
    allowed_payment_method_types: [METHODS[request.method]],
    ...(request.method === "bank_debit"
      ? // Small test deposits would leave the payment in between for up to ten days.
        { payment_method_options: { us_bank_account: { verification_method: "instant" as const } } }
      : {}),
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: request.currency.toLowerCase(),
          unit_amount: Number(request.amountMinor),
          product_data: { name: request.description.slice(0, NAME_LENGTH_LIMIT) },
        },
      },
    ],
    ...(request.receiptEmail === undefined ? {} : { customer_email: request.receiptEmail }),
    client_reference_id: request.checkoutId,
    locale: request.locale,
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: Math.floor(request.expiresAt.getTime() / MILLISECONDS),
    metadata,
    // The session's own metadata does not reach the payment, and either may be all that is at hand later.
    payment_intent_data: {
      description: `${request.reference} ${request.description}`.slice(0, NAME_LENGTH_LIMIT),
      metadata,
    },
  };
}

/** Another platform's account is refused with 403 and a code of its own; to us it is not there. */
async function findAccount(client: Stripe, account: string) {
  try {
    return readAccount(await client.accounts.retrieve(account));
  } catch (error) {
    const told = toProcessorError(error);
    if (told.code !== "account_invalid") throw error;
    throw new ProcessorError("missing", "the account is not connected to the platform", { cause: error });
  }
}

async function findCheckout(client: Stripe, stripeAccount: string, sessionId: string) {
  return readSession(await client.checkout.sessions.retrieve(sessionId, {}, { stripeAccount }));
}

async function expireCheckout(client: Stripe, stripeAccount: string, sessionId: string) {
  try {
    return readSession(await client.checkout.sessions.expire(sessionId, {}, { stripeAccount }));
  } catch (error) {
    // Only open sessions can be expired; what it is instead is for the caller to know.
    if (toProcessorError(error).kind !== "rejected") throw error;
    return await findCheckout(client, stripeAccount, sessionId);
  }
}

async function findPayment(client: Stripe, stripeAccount: string, paymentIntentId: string) {
  const expand = ["latest_charge.balance_transaction"];
  const intent = await client.paymentIntents.retrieve(paymentIntentId, { expand }, { stripeAccount });
  demandObject(intent, "payment_intent", "pi_");
  const charge = intent.latest_charge;
  const isDisputed = typeof charge === "object" && charge !== null && charge.disputed;
  const disputes = isDisputed ? await listDisputes(client, stripeAccount, paymentIntentId) : [];
  return readPayment(intent, disputes);
}

async function listDisputes(client: Stripe, stripeAccount: string, paymentIntentId: string) {
  const parameters = { payment_intent: paymentIntentId, limit: DISPUTES_LIMIT };
  const page = await client.disputes.list(parameters, { stripeAccount });
  demandList(page);
  return page.data;
}

/** The processor lists the newest first, so all pages are read before the oldest is known. */
async function listEvents(
  client: Stripe,
  stripeAccount: string,
  since: Date,
  limit: number,
): Promise<ProcessorEvent[]> {
  const found: Stripe.Event[] = [];
  for (let first = 0; first < EVENT_TYPES.length; first += TYPES_LIMIT)
    found.push(
      ...(await listEventsOf(client, stripeAccount, since, EVENT_TYPES.slice(first, first + TYPES_LIMIT))),
    );
  return found
    .reverse()
    .sort((one, other) => one.created - other.created)
    .slice(0, limit)
    .map((event) => ({ ...readEvent(event), account: stripeAccount }));
}

function listEventsOf(
  client: Stripe,
  stripeAccount: string,
  since: Date,
  types: readonly string[],
): Promise<Stripe.Event[]> {
  const created = { gte: Math.floor(since.getTime() / MILLISECONDS) };
  return readPages(EVENT_PAGES_LIMIT, (place) =>
    client.events.list({ created, types: [...types], ...place }, { stripeAccount }),
  );
}

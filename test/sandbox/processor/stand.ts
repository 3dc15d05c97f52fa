import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach } from "vitest";
import { type ProcessorOptions, startProcessor } from "../../../src/sandbox/processor/server.ts";
import { listen } from "../../../src/sandbox/serve.ts";

export const SECRET_KEY = "sk_test_stand_in_0123456789";
export const WEBHOOK_SECRET = "whsec_stand_in_secret";
export const OPERATING = "acct_operating00000";
export const TRUST = "acct_trust000000000";

const WAIT_MILLISECONDS = 10_000;
const LOOK_EVERY_MILLISECONDS = 10;

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** What a webhook receiver got, and how it answers. */
type Received = { header: string; body: string; event: Stripe.Event; at: number };

type Receiver = { url: string; received: Received[]; answer: { status: number } };

/** A webhook endpoint that writes down what it gets. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const answer = { status: 200 };
  const running = await listen({}, () => {
    return (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        const header = String(request.headers["stripe-signature"]);
        received.push({ header, body, event: JSON.parse(body) as Stripe.Event, at: Date.now() });
        response.writeHead(answer.status).end();
      });
    };
  });
  undo.push(running.close);
  return { url: `${running.origin}/hooks/stripe`, received, answer };
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "processor-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Waits until the look gives something other than undefined and false; fails after ten seconds. */
export async function until<T>(look: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + WAIT_MILLISECONDS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    if (Date.now() > end) throw new Error(`not seen in time: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLISECONDS));
  }
}

export type Stand = {
  origin: string;
  stripe: Stripe;
  receiver: Receiver;
  /** The payer's browser: posts a hosted form without following redirects. */
  submit: (path: string, fields: Record<string, string>) => Promise<Response>;
  pay: (session: Stripe.Checkout.Session, fields?: Record<string, string>) => Promise<Response>;
  control: (name: string, body: Record<string, unknown>) => Promise<Record<string, unknown>>;
  /** The first event of this type that reached the receiver. */
  delivered: (type: string) => Promise<Received>;
  close: () => Promise<void>;
};

/** A stand-in with two connected accounts and a receiver, without waits that a test would sit through. */
export async function startStand(options: Partial<ProcessorOptions> = {}): Promise<Stand> {
  const receiver = await startReceiver();
  const running = await startProcessor({
    data: temporaryFolder(),
    secretKey: SECRET_KEY,
    webhook: { url: receiver.url, secret: WEBHOOK_SECRET },
    accounts: [
      { id: OPERATING, name: "Hale & Brandt LLP", fees_payer: "account" },
      { id: TRUST, name: "Hale & Brandt IOLTA", fees_payer: "application" },
    ],
    bankDebitDelayMilliseconds: 60_000,
    followUpDelayMilliseconds: 0,
    retryDelaysMilliseconds: [20, 20, 20],
    ...options,
  });
  let open = true;
  const close = async () => {
    if (open) await running.close();
    open = false;
  };
  undo.push(close);
  const submit = (path: string, fields: Record<string, string>) =>
    fetch(`${running.origin}${path}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
  return {
    origin: running.origin,
    stripe: client(running.port),
    receiver,
    submit,
    pay: (session, fields = card()) => submit(`/c/pay/${session.id}`, fields),
    control: async (name, body) => {
      const response = await fetch(`${running.origin}/control/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    delivered: (type) => until(() => receiver.received.find(({ event }) => event.type === type)),
    close,
  };
}

/** The real library, pointed at the stand-in. */
export function client(port: number, options: Partial<ConstructorParameters<typeof Stripe>[1]> = {}): Stripe {
  return new Stripe(SECRET_KEY, { host: "127.0.0.1", port, protocol: "http", telemetry: false, ...options });
}

/** The card form, filled in. */
export function card(number = "4242424242424242"): Record<string, string> {
  return {
    method: "card",
    email: "payer@example.com",
    name: "Pat Payer",
    number,
    expiry: "12 / 34",
    cvc: "123",
  };
}

/** The bank debit form, filled in. */
export function bank(accountNumber = "000123456789"): Record<string, string> {
  const holder = { email: "payer@example.com", name: "Pat Payer" };
  const account = { routing_number: "110000000", account_number: accountNumber, account_type: "checking" };
  return { method: "us_bank_account", ...holder, ...account, holder_type: "individual" };
}

/** What a session for one statement is asked with; the amount in cents. */
export function sessionFor(amount = 12_500): Stripe.Checkout.SessionCreateParams {
  return {
    mode: "payment",
    line_items: [
      {
        quantity: 1,
        price_data: { currency: "usd", unit_amount: amount, product_data: { name: "Statement 1042" } },
      },
    ],
    success_url: "https://firm.example/paid?session={CHECKOUT_SESSION_ID}",
    cancel_url: "https://firm.example/back",
    client_reference_id: "attempt-1",
    metadata: { attempt: "1" },
    payment_intent_data: { metadata: { attempt: "1" }, description: "Statement 1042" },
  };
}

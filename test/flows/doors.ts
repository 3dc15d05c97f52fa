import { readFile } from "node:fs/promises";
import path from "node:path";
import Stripe from "stripe";
import type { EmbeddedKeys } from "../../src/entry/keys.ts";
import type { DocketStatement } from "../support/main-job.ts";
import type { Service } from "../support/start-service.ts";

/** The processor accounts of the embedded default's firm. */
export const ACCOUNTS = ["acct_marlow_operating", "acct_marlow_trust"] as const;
/** The sandbox's first statement belongs to its first matter. */
const FIRST_STATEMENT = "stm_000000001";
const PAGE_SIZE = 100;
const PATIENCE_MS = 60_000;

type Fault = {
  kind: string;
  path?: string;
  method?: string;
  count?: number;
  milliseconds?: number;
  retry_after?: number;
};
type Webhooks = {
  duplicate?: number;
  delay_milliseconds?: number;
  disorder?: number;
  stopped?: boolean;
  reset?: boolean;
};

/** Trouble at Docket for the requests to come; `revoke_grants` happens at once. */
export async function troubleDocket(service: Service, fault: Fault): Promise<void> {
  await post(`${service.docket.origin}/control/faults`, fault);
}

/** Docket is well again. */
export async function healDocket(service: Service): Promise<void> {
  await demandOk(await fetch(`${service.docket.origin}/control/faults`, { method: "DELETE" }));
}

/** How many requests the troubles at Docket have yet to hit. */
export function countDocketTroubles(service: Service): Promise<number> {
  return countTroubles(service.docket.origin);
}

/** How many messages the troubles at the mail service have yet to hit. */
export function countMailTroubles(service: Service): Promise<number> {
  return countTroubles(service.mailbox.origin);
}

/** Trouble at the card processor for the requests to come. */
export async function troubleProcessor(service: Service, fault: Fault): Promise<void> {
  await post(`${service.processor.origin}/control/faults`, fault);
}

/** The card processor is well again. Its troubles outlive a restart. */
export async function healProcessor(service: Service): Promise<void> {
  await post(`${service.processor.origin}/control/faults`, { reset: true });
}

/** Trouble at the mail service for the messages to come. */
export async function troubleMail(service: Service, fault: Fault): Promise<void> {
  await post(`${service.mailbox.origin}/control/faults`, fault);
}

/** How the processor's webhooks misbehave from now on. */
export async function setWebhooks(service: Service, wish: Webhooks): Promise<void> {
  await post(`${service.processor.origin}/control/webhooks`, wish);
}

/** Does something at the processor that the world outside would do. */
export async function control(service: Service, name: string, wish: Record<string, unknown>): Promise<void> {
  await post(`${service.processor.origin}/control/${name}`, wish);
}

/** Ends a bank debit now, as its account number says. */
export async function settleDebit(service: Service, sessionId: string): Promise<void> {
  await post(`${service.processor.origin}/control/settle`, { session: sessionId });
}

/** Ends every bank debit that is still under way, each as its account number says. */
export async function settleCharges(service: Service): Promise<void> {
  const pending = (await readCharges(service)).filter((charge) => charge.status === "pending");
  for (const { id } of pending) await post(`${service.processor.origin}/control/settle`, { charge: id });
}

export type NewStatement = { number: string; kind?: "invoice" | "trust_request"; total: number };

/** Makes an open statement in Docket, on its first matter; the total is in major units, as Docket writes money. */
export async function makeStatement(service: Service, wish: NewStatement): Promise<DocketStatement> {
  const first = await fetch(`${service.docket.origin}/control/statements/${FIRST_STATEMENT}`);
  const { matter_id } = (await (await demandOk(first)).json()) as { matter_id: string };
  const today = new Date().toISOString().slice(0, 10);
  const body = { kind: "invoice", matter_id, issued_on: today, due_on: today, ...wish };
  const answer = await post(`${service.docket.origin}/control/statements`, body);
  return (await answer.json()) as DocketStatement;
}

/** Changes a statement, as a person inside Docket would. */
export async function changeStatement(
  service: Service,
  change: { id: string; status?: "paid" | "void"; balance?: number },
): Promise<void> {
  await post(`${service.docket.origin}/control/statements`, change);
}

export type Mail = { id: string; subject: string; links: string[] };

/** Every message that the mail service took for an address, newest first. */
export async function readMails(service: Service, to: string): Promise<Mail[]> {
  const url = `${service.mailbox.origin}/control/messages?to=${encodeURIComponent(to)}`;
  const answer = await demandOk(await fetch(url));
  type Message = { id: string; subject: string; links: (string | { url: string })[] };
  const { messages } = (await answer.json()) as { messages: Message[] };
  return messages.map(({ id, subject, links }) => ({
    id,
    subject,
    links: links.map((link) => (typeof link === "string" ? link : link.url)),
  }));
}

/** Everything that the processor took or tries to take on the firm's accounts, as its own API lists it. */
export async function readCharges(service: Service): Promise<Stripe.Charge[]> {
  const processor = await openStripe(service);
  const lists = ACCOUNTS.map((stripeAccount) =>
    processor.charges
      .list({ limit: PAGE_SIZE }, { stripeAccount })
      .autoPagingToArray({ limit: PAGE_SIZE * PAGE_SIZE }),
  );
  return (await Promise.all(lists)).flat();
}

/** One checkout session of the operating account, as the processor has it. */
export async function readSession(service: Service, id: string): Promise<Stripe.Checkout.Session> {
  const processor = await openStripe(service);
  return await processor.checkout.sessions.retrieve(id, {}, { stripeAccount: ACCOUNTS[0] });
}

/** The processor's own library, as the platform. */
export async function openStripe(service: Service): Promise<Stripe> {
  const { hostname, port } = new URL(service.processor.origin);
  const { processorSecretKey } = await readKeys(service);
  return new Stripe(processorSecretKey, { host: hostname, port, protocol: "http", telemetry: false });
}

/** The keys of the embedded default, from its own folder. */
async function readKeys(service: Service): Promise<EmbeddedKeys> {
  return JSON.parse(await readFile(path.join(service.folder, "keys.json"), "utf8")) as EmbeddedKeys;
}

async function post(url: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return await demandOk(await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal }));
}

async function demandOk(answer: Response): Promise<Response> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

async function countTroubles(origin: string): Promise<number> {
  const answer = await demandOk(await fetch(`${origin}/control/faults`));
  const body = (await answer.json()) as { data?: { count: number }[]; faults?: { count: number }[] };
  return (body.data ?? body.faults ?? []).reduce((sum, fault) => sum + fault.count, 0);
}

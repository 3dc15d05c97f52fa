import path from "node:path";
import pg from "pg";
import { startEmbedded } from "../../src/db/embedded.ts";
import type { Service } from "../support/start-service.ts";
import { until } from "../support/until.ts";

/** Asks the sandbox's Docket for trouble or a change. */
export async function control(service: Service, path: string, body: object): Promise<void> {
  const answer = await fetch(`${service.docket.origin}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Docket refused ${path}: ${answer.status} ${await answer.text()}`);
}

/** Somebody in Docket takes a statement back. */
export async function voidInDocket(service: Service, number: string): Promise<void> {
  const [row] = await ask(service, "select external_id as id from statement where number = $1", [number]);
  await control(service, "/control/statements", { id: row?.id, status: "void" });
}

/** Time goes by: the link's last day is over. `linkPage` is its page's address. */
export async function letExpire(service: Service, linkPage: string): Promise<void> {
  const id = new URL(linkPage).pathname.split("/").at(-1);
  await ask(service, "update payment_link set expires_at = now() - interval '1 minute' where id = $1", [id]);
}

/** From now on a person enters what waits on a statement, as in a system that cannot be written to. */
export async function mustBeEntered(service: Service, number: string): Promise<void> {
  await ask(
    service,
    `update posting set state = 'needs_attention', problem = 'unsupported', problem_text = 'Docket cannot be written to.'
     where state in ('ready', 'needs_attention') and statement_id in (select id from statement where number = $1)`,
    [number],
  );
}

/** The newest message comes back: its mailbox does not exist. */
export async function bounceNewest(service: Service): Promise<void> {
  const { origin } = service.mailbox;
  const answer = await fetch(`${origin}/control/messages?subject=Payment%20request&limit=1`);
  const { messages } = (await answer.json()) as { messages: { id: string }[] };
  await fetch(`${origin}/control/messages/${messages[0]?.id}/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ kind: "hard_bounce" }),
  });
}

/** The sign-in link in the newest message to this address, as soon as it is in the outbox. */
export function waitForSignInLink(service: Service, email: string, since: Date): Promise<string> {
  const query = new URLSearchParams({ to: email, since: since.toISOString() });
  return until(`a sign-in link for ${email}`, async () => {
    const answer = await fetch(`${service.mailbox.origin}/control/messages?${query}`);
    const { messages } = (await answer.json()) as { messages: { links: string[] }[] };
    return messages.flatMap(({ links }) => links).find((link) => link.includes("/signin/link/"));
  });
}

/** Asks the service's own database, above its row-level security. */
async function ask(service: Service, text: string, values: unknown[]): Promise<{ id: string }[]> {
  const database = await startEmbedded({ folder: path.join(service.folder, "postgres") });
  const url = new URL(database.ownerUrl);
  url.username = "postgres";
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    return (await client.query<{ id: string }>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Does something at the card processor with the payment whose page this is. Returns the id of what came of it. */
export async function atProcessor(
  service: Service,
  paymentPage: string,
  name: string,
  wish: Record<string, unknown>,
): Promise<string> {
  const [row] = await ask(service, "select payment_intent_id as id from payment where id = $1", [
    new URL(paymentPage).pathname.split("/")[2],
  ]);
  const subject = "dispute" in wish ? {} : { payment_intent: row?.id };
  const answer = await fetch(`${service.processor.origin}/control/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...subject, ...wish }),
  });
  if (!answer.ok) throw new Error(`the processor refused ${name}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

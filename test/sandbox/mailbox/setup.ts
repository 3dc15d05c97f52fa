import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerClient } from "postmark";
import { onTestFinished } from "vitest";
import { type MailboxOptions, startMailbox } from "../../../src/sandbox/mailbox/server.ts";
import { listen, type Running } from "../../../src/sandbox/serve.ts";

export const TOKEN = "7d3f0a52-test-server-token";

type Received = { body: Record<string, unknown>; authorization: string | undefined };
type Receiver = Running & { received: Received[] };

/** A folder that is gone when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mailbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A mailbox of the test's own, with events that happen at once, closed when the test is over. */
export async function openMailbox(options: Partial<MailboxOptions> = {}): Promise<Running> {
  const mailbox = await startMailbox({
    folder: options.folder ?? (await temporaryFolder()),
    token: TOKEN,
    delays: { deliveryMilliseconds: 0, slowDeliveryMilliseconds: 0 },
    retryDelaysMilliseconds: [0, 0, 0],
    ...options,
  });
  let open = true;
  const close = async () => {
    if (open) await mailbox.close();
    open = false;
  };
  onTestFinished(close);
  return { ...mailbox, close };
}

/** The real client, pointed at the mailbox. */
export function clientOf(mailbox: Running, token = TOKEN): ServerClient {
  return new ServerClient(token, { useHttps: false, requestHost: `127.0.0.1:${mailbox.port}`, timeout: 10 });
}

/** A webhook's receiver that answers with these statuses in turn, then with 200. */
export async function openReceiver(statuses: number[] = []): Promise<Receiver> {
  const received: Received[] = [];
  const server = await listen({}, () => async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    received.push({ body, authorization: request.headers.authorization });
    response.writeHead(statuses[received.length - 1] ?? 200).end();
  });
  onTestFinished(server.close);
  return { ...server, received };
}

/** A message that is sent as it is, but for what the test is about. */
export function message(changes: Record<string, unknown> = {}) {
  return {
    From: "Marlow Keane LLP <billing@marlowkeane.example>",
    To: "Adaeze Okafor <adaeze@okafor.example>",
    Subject: "Payment request from Marlow Keane LLP",
    TextBody: "Pay here: https://pay.example/p/abc123.",
    HtmlBody: '<p>Pay <a href="https://pay.example/p/abc123?a=1&amp;b=2">here</a>.</p>',
    ...changes,
  };
}

export type ControlMessage = {
  id: string;
  to: string[];
  subject: string;
  html: string | null;
  links: string[];
  recipients: { address: string; state: string; detail: string }[];
  events: { kind: string; recipient: string; state: string; attempts: number; answer: string }[];
};

/** What the mailbox's door for scripts says was sent. */
export async function sentMessages(mailbox: Running, query = ""): Promise<ControlMessage[]> {
  const response = await fetch(`${mailbox.origin}/control/messages?${query}`);
  const { messages } = (await response.json()) as { messages: ControlMessage[] };
  return messages;
}

/** Asks for the next requests to go wrong. */
export async function addFault(server: Running, fault: Record<string, unknown>): Promise<Response> {
  return fetch(`${server.origin}/control/faults`, { method: "POST", body: JSON.stringify(fault) });
}

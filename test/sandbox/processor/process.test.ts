import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import {
  card,
  client,
  OPERATING,
  SECRET_KEY,
  sessionFor,
  startReceiver,
  temporaryFolder,
  until,
} from "./stand.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function startProcess(
  data: string,
  webhookUrl: string,
): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/sandbox/processor/main.ts"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      PROCESSOR_PORT: "0",
      PROCESSOR_DATA: data,
      PROCESSOR_SECRET_KEY: SECRET_KEY,
      PROCESSOR_WEBHOOK_URL: webhookUrl,
      PROCESSOR_WEBHOOK_SECRET: "whsec_process",
      PROCESSOR_ACCOUNTS: JSON.stringify([{ id: OPERATING, name: "Firm", fees_payer: "account" }]),
    },
  });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { ready, port } = JSON.parse(String(line)) as { ready: boolean; port: number };
  expect(ready).toBe(true);
  return { child, port };
}

test("a process that is killed in the middle loses neither the payment nor its webhooks", async () => {
  const data = temporaryFolder();
  const receiver = await startReceiver();
  receiver.answer.status = 503;
  const on = { stripeAccount: OPERATING };

  const first = await startProcess(data, receiver.url);
  const session = await client(first.port).checkout.sessions.create(sessionFor(), on);
  const form = { method: "POST", body: new URLSearchParams(card()), redirect: "manual" } as const;
  expect((await fetch(`http://127.0.0.1:${first.port}/c/pay/${session.id}`, form)).status).toBe(303);
  const exited = once(first.child, "exit");
  first.child.kill("SIGKILL");
  await exited;

  receiver.answer.status = 200;
  receiver.received.length = 0;
  const second = await startProcess(data, receiver.url);
  const stripe = client(second.port);
  expect((await stripe.checkout.sessions.retrieve(session.id, {}, on)).payment_status).toBe("paid");
  await until(() => receiver.received.find(({ event }) => event.type === "checkout.session.completed"));
  expect((await stripe.charges.list({}, on)).data).toHaveLength(1);
});

test("the process ends when its parent lets go of it", async () => {
  const receiver = await startReceiver();
  const { child } = await startProcess(temporaryFolder(), receiver.url);
  const exited = once(child, "exit");
  child.stdin?.end();
  expect((await exited)[0]).toBe(0);
});

import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listen, type Running } from "../../../src/sandbox/serve.ts";
import {
  call,
  connect,
  FIRST_MATTER,
  type List,
  newFolder,
  openStatements,
  removeFolders,
  type Statement,
  startTestDocket,
} from "./harness.ts";

type Received = {
  body: string;
  signature: string;
  event: { id: string; type: string; data: { id: string } };
};
type Webhook = { id: string; secret: string; url: string; events: string[] };

let docket: Running;
let receiver: Running;
let token: string;
let received: Received[];
/** Statuses for the next deliveries; 204 when none is left. */
let answers: number[];
const folder = { path: "" };
const RETRY_DELAYS_MS = [20, 40, 60, 80, 100];

beforeEach(async () => {
  received = [];
  answers = [];
  receiver = await listen({}, () => (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      received.push({
        body,
        signature: String(request.headers["docket-signature"]),
        event: JSON.parse(body) as Received["event"],
      });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  folder.path = newFolder();
  docket = await startTestDocket({ folder: folder.path, webhookRetryDelaysMs: RETRY_DELAYS_MS });
  token = (await connect(docket)).access_token;
});
afterEach(async () => {
  await docket.close();
  await receiver.close();
  removeFolders();
});

async function subscribe(events: string[] = ["statement.changed"]): Promise<Webhook> {
  const answer = await call<Webhook>(docket, token, "/api/v1/webhooks", {
    url: `${receiver.origin}/hooks`,
    events,
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function pay(statement: Statement | undefined, amount = 1): Promise<void> {
  const answer = await call(docket, token, "/api/v1/payments", {
    reference: "hook",
    received_on: "2030-01-01",
    amount,
    allocations: [{ statement_id: statement?.id, amount }],
  });
  expect(answer.status).toBe(201);
}

const touch = (id: string | undefined) =>
  call<Statement>(docket, token, "/control/statements", { id, due_on: "2032-01-01" });
const untilReceived = (count: number) =>
  vi.waitFor(() => expect(received).toHaveLength(count), { timeout: 15_000, interval: 10 });

describe("webhooks", () => {
  test("a payment is told as a change of its statement, signed with the secret", async () => {
    const { secret } = await subscribe();
    const [statement] = await openStatements(docket, token, "invoice");
    await pay(statement);
    await untilReceived(1);
    const [{ body = "", signature = "", event } = {}] = received;
    expect(event).toMatchObject({
      type: "statement.changed",
      account_id: "acc_marlow",
      data: { id: statement?.id },
    });
    const { seconds = "", mac } = /^t=(?<seconds>\d+),v1=(?<mac>[0-9a-f]{64})$/.exec(signature)?.groups ?? {};
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(30);
    expect(mac).toBe(createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex"));
  });

  test("a trust deposit is told as a change of its matter too, and only what was asked for is sent", async () => {
    await subscribe(["matter.changed"]);
    const [request] = await openStatements(docket, token, "trust_request");
    await call(docket, token, "/api/v1/trust-deposits", {
      reference: "hook",
      received_on: "2030-01-01",
      matter_id: FIRST_MATTER,
      statement_id: request?.id,
      amount: 1,
    });
    await untilReceived(1);
    expect(received[0]?.event).toMatchObject({ type: "matter.changed", data: { id: FIRST_MATTER } });
  });

  test("is sent again after a refusal, as the same event, and later ones wait for their turn", async () => {
    await subscribe();
    const [one, two] = await openStatements(docket, token, "invoice");
    answers = [500, 503];
    await touch(one?.id);
    await touch(two?.id);
    await untilReceived(4);
    expect(received.map((item) => item.event.data.id)).toEqual([one?.id, one?.id, one?.id, two?.id]);
    expect(new Set(received.slice(0, 3).map((item) => item.event.id)).size).toBe(1);
  });

  test("stops after the sixth try and goes on with the next event", async () => {
    await subscribe();
    const [one, two] = await openStatements(docket, token, "invoice");
    answers = Array.from({ length: 6 }, () => 500);
    await touch(one?.id);
    await touch(two?.id);
    await untilReceived(7);
    expect(received.at(-1)?.event.data.id).toBe(two?.id);
  });

  test("changes of one record that nobody was told of yet become one event", async () => {
    await subscribe();
    const [one, two] = await openStatements(docket, token, "invoice");
    answers = [500];
    await touch(one?.id);
    await touch(two?.id);
    await touch(two?.id);
    await touch(two?.id);
    await untilReceived(3);
    await pay(one);
    await untilReceived(4);
    expect(received.map((item) => item.event.data.id)).toEqual([one?.id, one?.id, two?.id, one?.id]);
  });

  test("what is queued outlives a restart", async () => {
    await docket.close();
    docket = await startTestDocket({ folder: folder.path, webhookRetryDelaysMs: [1500] });
    token = (await connect(docket)).access_token;
    await subscribe();
    const [one, two] = await openStatements(docket, token, "invoice");
    answers = [500];
    await touch(one?.id);
    await touch(two?.id);
    await untilReceived(1);
    await docket.close();
    docket = await startTestDocket({ folder: folder.path, webhookRetryDelaysMs: RETRY_DELAYS_MS });
    await untilReceived(3);
    expect(received.map((item) => item.event.data.id)).toEqual([one?.id, one?.id, two?.id]);
  });

  test("can be listed without the secret and removed, and then nothing more is sent", async () => {
    const { id } = await subscribe(["statement.changed", "client.changed"]);
    const { body } = await call<List<Webhook>>(docket, token, "/api/v1/webhooks");
    expect(body.data).toEqual([
      { id, url: `${receiver.origin}/hooks`, events: ["statement.changed", "client.changed"] },
    ]);
    const removed = await call(docket, token, `/api/v1/webhooks/${id}`, undefined, "DELETE");
    expect(removed.status).toBe(204);
    const second = await subscribe();
    const [one] = await openStatements(docket, token, "invoice");
    await touch(one?.id);
    await untilReceived(1);
    expect(second.id).not.toBe(id);
    expect((await call(docket, token, `/api/v1/webhooks/${id}`, undefined, "DELETE")).status).toBe(404);
  });

  test("an unknown event or an address that is not HTTP is refused", async () => {
    const refuse = (body: object) => call(docket, token, "/api/v1/webhooks", body);
    expect((await refuse({ url: receiver.origin, events: ["rain.fell"] })).status).toBe(422);
    expect((await refuse({ url: "file:///etc/passwd", events: ["client.changed"] })).status).toBe(422);
  });
});

import { Errors } from "postmark";
import { expect, test } from "vitest";
import { addFault, clientOf, message, openMailbox, sentMessages, TOKEN, temporaryFolder } from "./setup.ts";

test("a sent message is answered as Postmark answers and can be read by scripts", async () => {
  const mailbox = await openMailbox();
  const answer = await clientOf(mailbox).sendEmail(
    message({
      Cc: "ledger@okafor.example",
      Tag: "request",
      Metadata: { link: "lnk_1" },
      ReplyTo: "dana@marlowkeane.example",
    }),
  );
  expect(answer).toMatchObject({
    To: '"Adaeze Okafor" <adaeze@okafor.example>',
    Cc: "ledger@okafor.example",
    ErrorCode: 0,
    Message: "OK",
  });
  expect(answer.MessageID).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.SubmittedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
  expect(await sentMessages(mailbox)).toMatchObject([
    {
      id: answer.MessageID,
      from: '"Marlow Keane LLP" <billing@marlowkeane.example>',
      to: ["adaeze@okafor.example"],
      cc: ["ledger@okafor.example"],
      reply_to: "dana@marlowkeane.example",
      tag: "request",
      metadata: { link: "lnk_1" },
      stream: "outbound",
      links: ["https://pay.example/p/abc123?a=1&b=2", "https://pay.example/p/abc123"],
    },
  ]);
});

test("scripts find messages by recipient, subject and time, newest first", async () => {
  const mailbox = await openMailbox();
  const client = clientOf(mailbox);
  await client.sendEmail(message({ To: "one@payer.example", Subject: "First request" }));
  await client.sendEmail(message({ To: "Two@payer.example", Subject: "Second request" }));
  const subjects = async (query: string) =>
    (await sentMessages(mailbox, query)).map(({ subject }) => subject);
  expect(await subjects("")).toEqual(["Second request", "First request"]);
  expect(await subjects("to=two@PAYER.example")).toEqual(["Second request"]);
  expect(await subjects("subject=first")).toEqual(["First request"]);
  expect(await subjects("limit=1")).toEqual(["Second request"]);
  expect(await subjects("since=2999-01-01T00:00:00Z")).toEqual([]);
  expect((await fetch(`${mailbox.origin}/control/messages?since=yesterday`)).status).toBe(400);
});

test("a wrong token is refused with code 10, a missing one too", async () => {
  const mailbox = await openMailbox();
  const refused = clientOf(mailbox, "wrong").sendEmail(message());
  await expect(refused).rejects.toMatchObject({ name: "InvalidAPIKeyError", code: 10, statusCode: 401 });
  const missing = await fetch(`${mailbox.origin}/email`, { method: "POST" });
  expect([missing.status, await missing.json()]).toMatchObject([401, { ErrorCode: 10 }]);
});

test("the test token validates and answers, and sends nothing", async () => {
  const mailbox = await openMailbox();
  const client = clientOf(mailbox, "POSTMARK_API_TEST");
  expect(await client.sendEmail(message())).toMatchObject({ ErrorCode: 0, Message: "Test job accepted" });
  await expect(client.sendEmail(message({ To: "nobody" }))).rejects.toMatchObject({ code: 300 });
  expect(await sentMessages(mailbox)).toEqual([]);
});

const fiftyOne = Array.from({ length: 51 }, (_, index) => `payer${index}@example.com`).join(",");

test.each([
  ["an address without @", { To: "nobody" }, 300],
  ["a mailbox with a space", { To: "no body@example.com" }, 300],
  ["two dots in a row", { To: "no..body@example.com" }, 300],
  ["no recipient", { To: "" }, 300],
  ["no sender", { From: "" }, 300],
  ["more than 50 recipients over To, Cc and Bcc", { To: "a@example.com", Bcc: fiftyOne }, 300],
  ["no body", { TextBody: undefined, HtmlBody: "" }, 300],
  ["an unknown way of link tracking", { TrackLinks: "Sometimes" }, 300],
  ["a metadata value that is too long", { Metadata: { key: "x".repeat(81) } }, 300],
  ["recipients in a list", { To: ["a@example.com"] }, 403],
  ["metadata that is not text", { Metadata: { amount: 12 } }, 403],
  ["a stream that does not exist", { MessageStream: "letters" }, 1235],
  ["a forbidden attachment", { Attachments: [{ Name: "a.exe", Content: "", ContentType: "x/y" }] }, 411],
])("%s is refused in Postmark's codes", async (_, changes, code) => {
  const mailbox = await openMailbox();
  const response = await fetch(`${mailbox.origin}/email`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-postmark-server-token": TOKEN },
    body: JSON.stringify(message(changes)),
  });
  expect([response.status, await response.json()]).toMatchObject([422, { ErrorCode: code }]);
  expect(await sentMessages(mailbox)).toEqual([]);
});

test("exactly 50 recipients, quoted names and display names are taken", async () => {
  const mailbox = await openMailbox();
  const bcc = fiftyOne.split(",").slice(0, 49).join(",");
  const answer = await clientOf(mailbox).sendEmail(
    message({ To: '"Okafor, Adaeze" <adaeze@okafor.example>', Bcc: bcc }),
  );
  expect(answer.To).toBe('"Okafor, Adaeze" <adaeze@okafor.example>');
  expect((await sentMessages(mailbox))[0]?.recipients).toHaveLength(50);
});

test.each([
  ["broken JSON", "{", "application/json", 402],
  ["a list where one message is due", "[]", "application/json", 403],
  ["a form", "From=a", "application/x-www-form-urlencoded", 409],
])("%s is refused", async (_, body, type, code) => {
  const mailbox = await openMailbox();
  const headers = { "content-type": type, "x-postmark-server-token": TOKEN };
  const response = await fetch(`${mailbox.origin}/email`, { method: "POST", headers, body });
  expect([response.status, await response.json()]).toMatchObject([422, { ErrorCode: code }]);
});

test("a batch answers 200 with one result for each message, in order", async () => {
  const mailbox = await openMailbox();
  const results = await clientOf(mailbox).sendEmailBatch([
    message({ Subject: "One" }),
    message({ To: "nobody" }),
    message({ To: "reject@payer.example" }),
    message({ Subject: "Four" }),
  ]);
  expect(results.map(({ ErrorCode }) => ErrorCode)).toEqual([0, 300, 406, 0]);
  expect((await sentMessages(mailbox)).map(({ subject }) => subject)).toEqual(["Four", "One"]);
});

test("a batch of 500 is taken, one of 501 is refused whole with code 410", async () => {
  const mailbox = await openMailbox();
  const client = clientOf(mailbox);
  const batch = Array.from({ length: 501 }, (_, index) => message({ Subject: `Request ${index}` }));
  await expect(client.sendEmailBatch(batch)).rejects.toMatchObject({ code: 410, statusCode: 422 });
  expect(await sentMessages(mailbox)).toEqual([]);
  expect(await client.sendEmailBatch(batch.slice(1))).toHaveLength(500);
  expect(await sentMessages(mailbox, "limit=1000")).toHaveLength(500);
});

test("the client tells every kind of fault apart", async () => {
  const mailbox = await openMailbox();
  const client = clientOf(mailbox);
  await addFault(mailbox, { kind: "error" });
  await expect(client.sendEmail(message())).rejects.toBeInstanceOf(Errors.InternalServerError);
  await addFault(mailbox, { kind: "rate_limit", count: 2 });
  await expect(client.sendEmail(message())).rejects.toMatchObject({
    name: "RateLimitExceededError",
    code: 429,
  });
  await expect(client.sendEmail(message())).rejects.toBeInstanceOf(Errors.RateLimitExceededError);
  expect(await sentMessages(mailbox)).toEqual([]);
  await addFault(mailbox, { kind: "latency", milliseconds: 30 });
  const started = performance.now();
  await client.sendEmail(message());
  expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  expect(await sentMessages(mailbox)).toHaveLength(1);
});

test("a dropped answer leaves the message sent and the sender in doubt", async () => {
  const mailbox = await openMailbox();
  await addFault(mailbox, { kind: "drop_answer" });
  await expect(clientOf(mailbox).sendEmail(message())).rejects.toMatchObject({ code: 0, statusCode: 0 });
  expect(await sentMessages(mailbox)).toHaveLength(1);
});

test("faults are checked, listed and cleared", async () => {
  const mailbox = await openMailbox();
  expect((await addFault(mailbox, { kind: "fire" })).status).toBe(400);
  expect((await addFault(mailbox, { kind: "error", count: 0 })).status).toBe(400);
  await addFault(mailbox, { kind: "error", count: 3 });
  const faults = async () => (await fetch(`${mailbox.origin}/control/faults`)).json();
  expect(await faults()).toMatchObject({ faults: [{ kind: "error", count: 3 }] });
  await fetch(`${mailbox.origin}/control/faults`, { method: "DELETE" });
  expect(await faults()).toEqual({ faults: [] });
  expect((await fetch(`${mailbox.origin}/control/health`)).status).toBe(200);
});

test("what was sent is there after a restart", async () => {
  const folder = await temporaryFolder();
  const before = await openMailbox({ folder });
  await clientOf(before).sendEmail(message());
  await before.close();
  expect(await sentMessages(await openMailbox({ folder }))).toHaveLength(1);
});

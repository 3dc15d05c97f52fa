import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { Message } from "../../src/mail/port.ts";
import { openMail } from "../../src/mail/postmark.ts";
import { addFault, openMailbox, sentMessages, TOKEN } from "../sandbox/mailbox/setup.ts";

const MESSAGE: Message = {
  to: "adaeze@okafor.example",
  fromName: "Marlow Keane LLP via Send for Payment",
  replyTo: "billing@marlowkeane.example",
  subject: "Payment request from Marlow Keane LLP",
  html: "<p>Pay here</p>",
  text: "Pay here",
  tag: "request",
  metadata: { firm: "f", email: "e" },
};

const mailTo = (origin: string) =>
  openMail({
    POSTMARK_API_BASE: origin,
    POSTMARK_SERVER_TOKEN: TOKEN,
    MAIL_FROM: "payments@sendforpayment.example",
  });

/** A mail service that answers every request in one way. */
async function answering(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (status: number, body: unknown) => (response: ServerResponse) =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

test("a message goes out with its sender, answer address, tag and metadata", async () => {
  const mailbox = await openMailbox();
  const outcome = await mailTo(mailbox.origin).send(MESSAGE);
  const [sent] = await sentMessages(mailbox);
  expect(outcome).toEqual({ outcome: "sent", messageId: sent?.id });
  expect(sent).toMatchObject({
    to: ["adaeze@okafor.example"],
    subject: MESSAGE.subject,
    from: expect.stringContaining("Marlow Keane LLP via Send for Payment"),
  });
  const page = await (await fetch(`${mailbox.origin}/control/messages`)).text();
  for (const part of ["billing@marlowkeane.example", '"request"']) expect(page).toContain(part);
});

test("an address that the service has given up is refused, and the reason names no address", async () => {
  const mailbox = await openMailbox();
  const outcome = await mailTo(mailbox.origin).send({ ...MESSAGE, to: "reject@okafor.example" });
  expect(outcome.outcome).toBe("refused");
  expect(JSON.stringify(outcome)).not.toContain("@");
});

test("an address that is none is refused", async () => {
  const mailbox = await openMailbox();
  expect((await mailTo(mailbox.origin).send({ ...MESSAGE, to: "nobody" })).outcome).toBe("refused");
});

test.each(["error", "rate_limit"])("when the service meets %s, the mail goes later", async (kind) => {
  const mailbox = await openMailbox();
  await addFault(mailbox, { kind });
  expect((await mailTo(mailbox.origin).send(MESSAGE)).outcome).toBe("later");
});

test("an answer that is lost leaves it unclear whether the mail went out", async () => {
  const mailbox = await openMailbox();
  await addFault(mailbox, { kind: "drop_answer" });
  expect((await mailTo(mailbox.origin).send(MESSAGE)).outcome).toBe("unclear");
  expect(await sentMessages(mailbox)).toHaveLength(1);
});

test("a service that is not there leaves it unclear", async () => {
  expect((await mailTo("http://127.0.0.1:9").send(MESSAGE)).outcome).toBe("unclear");
});

test.each([
  [503, { ErrorCode: 100, Message: "Maintenance" }, "later"],
  [500, { ErrorCode: 0, Message: "Internal" }, "later"],
  [429, { ErrorCode: 429, Message: "Slow down" }, "later"],
  [401, { ErrorCode: 10, Message: "Bad token" }, "later"],
  [422, { ErrorCode: 405, Message: "Out of credit" }, "later"],
  [422, { ErrorCode: 300, Message: "Invalid email" }, "refused"],
  [422, { ErrorCode: 406, Message: "Inactive" }, "refused"],
  [422, { ErrorCode: 411, Message: "Forbidden attachment of a@b.example" }, "refused"],
  [404, { ErrorCode: 0, Message: "Not found" }, "unclear"],
  [502, "<html>Bad gateway</html>", "unclear"],
  [200, { ErrorCode: 406, Message: "Inactive" }, "refused"],
  [200, { ErrorCode: 100, Message: "Maintenance" }, "later"],
  [200, { ErrorCode: 0, Message: "OK" }, "unclear"],
  [200, { ErrorCode: 0, MessageID: "", Message: "OK" }, "unclear"],
  [200, "OK", "unclear"],
  [200, null, "unclear"],
])("status %i with %j is %s", async (status, body, outcome) => {
  const origin = await answering(json(status, body));
  expect((await mailTo(origin).send(MESSAGE)).outcome).toBe(outcome);
});

test("an answer that breaks off in its body is unclear", async () => {
  const origin = await answering((response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
    response.write('{"ErrorCode":0,');
    setImmediate(() => response.destroy());
  });
  expect((await mailTo(origin).send(MESSAGE)).outcome).toBe("unclear");
});

test.each(["to", "fromName", "subject", "replyTo", "tag"] as const)(
  "a line break in %s is refused before anything is sent",
  async (field) => {
    const mailbox = await openMailbox();
    const outcome = await mailTo(mailbox.origin).send({ ...MESSAGE, [field]: "x\r\nBcc: y@evil.example" });
    expect(outcome.outcome).toBe("refused");
    expect(await sentMessages(mailbox)).toEqual([]);
  },
);

test("a name cannot pass for an address", async () => {
  const mailbox = await openMailbox();
  await mailTo(mailbox.origin).send({ ...MESSAGE, fromName: 'Bank" <ceo@bank.example>' });
  const page = await (await fetch(`${mailbox.origin}/control/messages`)).text();
  expect(page).not.toContain("ceo@bank.example");
  expect(page).toContain("payments@sendforpayment.example");
});

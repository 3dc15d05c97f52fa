import { afterEach, expect, test } from "vitest";
import { queueEmail } from "../../src/delivery/queue.ts";
import { usePostOffice } from "./post-office.ts";

const { stage, read, issued, findLink, pay, sent, outcomes, cx, send, deliver } = usePostOffice();

afterEach(() => {
  sent.splice(0);
  outcomes.splice(0);
});

test("what a member typed is text in the email, never markup", async () => {
  const { link } = await issued(undefined, {
    payerName: "<b>Ana</b>",
    message: "First <script>alert(1)</script>\n\nSecond & last",
  });
  await deliver(link.request_id);
  expect(sent[0]?.html).not.toMatch(/<script|<b>/);
  expect(sent[0]?.html).toContain("&lt;script&gt;");
  expect(sent[0]?.text).toContain("Second & last");
});

test("a firm's name with a line break stays in one line", async () => {
  const { link } = await issued();
  const rename = (name: string) => read((tx) => tx.updateTable("firm").set({ name }).execute());
  await rename("Marlow\r\nBcc: x@evil.example");
  await deliver(link.request_id);
  await rename("Marlow Keane LLP");
  expect(sent[0]?.subject).not.toMatch(/[\r\n]/);
  expect(sent[0]?.fromName).not.toMatch(/[\r\n]/);
});

test.each([
  ["receipt", "Receipt for your payment to Marlow Keane LLP", "Payment received"],
  ["on_its_way", "Your payment is on its way to Marlow Keane LLP", "Bank payment under way"],
  ["bank_failed", "Your bank payment did not reach Marlow Keane LLP", "Bank payment not completed"],
] as const)("%s says what became of the payment", async (kind, subject, words) => {
  const { link, matter } = await issued();
  const paymentId = await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor: 125_000n }]);
  const request = {
    kind,
    intent: `${kind}:${paymentId}`,
    toAddress: "a.okafor@okaforlogistics.example",
    linkId: link.id,
    paymentId,
  };
  const emailId = await read((tx) => queueEmail(tx, cx(), request));
  expect(await read((tx) => queueEmail(tx, cx(), request))).toBeUndefined();
  await send(emailId ?? "");
  expect(sent[0]).toMatchObject({ subject, tag: kind });
  expect(sent[0]?.text).toContain(words);
  expect(sent[0]?.text).toContain("$1,250.00");
  expect((await findLink(link.id)).delivery).toBe("queued");
});

test("an invitation names the firm and holds no token", async () => {
  const emailId = await read((tx) =>
    queueEmail(tx, cx(), {
      kind: "invite",
      intent: `invite:${stage.staff.actor.id}`,
      toAddress: "dana@marlowkeane.example",
      memberId: stage.staff.actor.id,
    }),
  );
  await send(emailId ?? "");
  expect(sent[0]?.subject).toBe("Marlow Keane LLP invites you to Send for Payment");
  expect(sent[0]?.text).toContain("http://127.0.0.1:4000/signin");
});

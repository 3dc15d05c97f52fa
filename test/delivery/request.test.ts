import { afterEach, expect, test } from "vitest";
import { prepareRequest } from "../../src/delivery/prepare.ts";
import { linkUrl } from "../../src/links/address.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { correctLink } from "../../src/links/correct.ts";
import { resendLink } from "../../src/links/resend.ts";
import { usePostOffice } from "./post-office.ts";

const { stage, log, read, issued, findLink, auditOf, sent, outcomes, cx, emailsOf, send, deliver, jobs } =
  usePostOffice();

afterEach(() => {
  sent.splice(0);
  outcomes.splice(0);
});

test("a request goes to each address once, with the link and what it is for", async () => {
  const { link, matter } = await issued([{ balanceMinor: 90_000n }, { balanceMinor: 250_000n }], {
    payerEmails: ["a@okafor.example", "b@okafor.example"],
    dueOn: "2026-12-12",
  });
  const emails = await deliver(link.request_id);
  expect(emails.map((email) => [email.to_address, email.state])).toEqual([
    ["a@okafor.example", "sent"],
    ["b@okafor.example", "sent"],
  ]);
  const [message] = sent;
  expect(message).toMatchObject({
    to: "a@okafor.example",
    fromName: "Marlow Keane LLP via Send for Payment",
    replyTo: "billing@marlowkeane.example",
    subject: "Payment request from Marlow Keane LLP",
    tag: "request",
    metadata: { firm: stage.firm.firmId, email: emails[0]?.id },
  });
  for (const part of [message?.html ?? "", message?.text ?? ""]) {
    expect(part).toContain(linkUrl(stage.cx, link));
    expect(part).toContain("$3,400.00");
    expect(part).toContain("Saturday, December 12, 2026");
    expect(part).toContain("Dear Adaeze Okafor,");
    expect(part).toContain(`Statement ${matter.statements[0]?.number}`);
    expect(part).toContain("Dana Whitfield");
    expect(part).not.toContain("Warehouse");
  }
  expect(await findLink(link.id)).toMatchObject({ delivery: "sent", delivery_reason: null });
  expect((await auditOf(link.id)).filter((event) => event.action === "email.sent")).toHaveLength(2);
});

test("two accounts make one email with two buttons", async () => {
  const { links } = await issued([
    { balanceMinor: 90_000n },
    { balanceMinor: 500_000n, kind: "trust_request" },
  ]);
  await deliver(links[0]?.request_id ?? "");
  expect(sent).toHaveLength(1);
  for (const link of links) {
    expect(sent[0]?.html).toContain(linkUrl(stage.cx, link));
    expect((await findLink(link.id)).delivery).toBe("sent");
  }
  expect(sent[0]?.html).toContain("Review and pay $900.00");
  expect(sent[0]?.html).toContain("Review and pay $5,000.00");
  expect(sent[0]?.text).toContain("client trust account");
});

test("either job done twice ends the same and sends once", async () => {
  const { link } = await issued();
  await prepareRequest(cx(), link.request_id);
  await prepareRequest(cx(), link.request_id);
  const [email, ...more] = await emailsOf(link.request_id);
  expect(more).toEqual([]);
  expect((await jobs("delivery.send")).filter((job) => job.payload.emailId === email?.id)).toHaveLength(1);
  await send(email?.id ?? "");
  await send(email?.id ?? "");
  expect(sent).toHaveLength(1);
});

test("an email that was begun by a runner that died is not sent blindly again", async () => {
  const { link } = await issued();
  await prepareRequest(cx(), link.request_id);
  const [email] = await emailsOf(link.request_id);
  await read((tx) =>
    tx
      .updateTable("email")
      .set({ state: "sending" })
      .where("id", "=", email?.id ?? "")
      .execute(),
  );
  await send(email?.id ?? "");
  expect(sent).toEqual([]);
  expect((await emailsOf(link.request_id))[0]).toMatchObject({ state: "unclear" });
  expect((await findLink(link.id)).delivery_reason).toContain("may or may not have been sent");
});

test("an answer that did not come leaves it to a person, who can send again", async () => {
  const { link } = await issued();
  outcomes.push({ outcome: "unclear", reason: "The mail service did not answer." });
  expect((await deliver(link.request_id))[0]?.state).toBe("unclear");
  expect(await findLink(link.id)).toMatchObject({
    delivery: "queued",
    delivery_reason: expect.stringContaining("may or may not have been sent"),
  });
  await resendLink(stage.staff, { linkId: link.id, sendCount: 1 });
  expect((await deliver(link.request_id)).map((email) => email.state).toSorted()).toEqual([
    "sent",
    "unclear",
  ]);
  expect(await findLink(link.id)).toMatchObject({ delivery: "sent", delivery_reason: null });
});

test("a refused address shows on the link with the reason", async () => {
  const { link } = await issued();
  outcomes.push({ outcome: "refused", reason: "The mail service cannot write to this address." });
  await deliver(link.request_id);
  expect(await findLink(link.id)).toMatchObject({
    delivery: "bounced",
    delivery_reason: "The mail service cannot write to this address.",
  });
});

test("one bad address of two shows, whatever became of the other", async () => {
  const { link } = await issued(undefined, { payerEmails: ["a@okafor.example", "b@okafor.example"] });
  outcomes.push({ outcome: "refused", reason: "No such address." });
  await deliver(link.request_id);
  expect((await findLink(link.id)).delivery).toBe("bounced");
});

test("a service that takes no mail is asked again by the queue, and at last given up", async () => {
  const { link } = await issued();
  const later = { outcome: "later", reason: "The mail service takes no mail at the moment (503)." } as const;
  outcomes.push(later, later);
  await expect(deliver(link.request_id)).rejects.toThrow("takes no mail");
  const [email] = await emailsOf(link.request_id);
  expect(email?.state).toBe("queued");
  await send(email?.id ?? "", true);
  expect((await emailsOf(link.request_id))[0]?.state).toBe("failed");
  expect(await findLink(link.id)).toMatchObject({ delivery: "bounced", delivery_reason: later.reason });
});

test("a link that was cancelled before its email went out is not sent", async () => {
  const { link } = await issued();
  await prepareRequest(cx(), link.request_id);
  await cancelLink(stage.staff, { linkId: link.id });
  await deliver(link.request_id);
  expect(sent).toEqual([]);
  expect((await emailsOf(link.request_id))[0]?.state).toBe("failed");
  expect((await findLink(link.id)).delivery).toBe("not_emailed");
});

test("an email that waits for the wrong address never carries the new link", async () => {
  const { link } = await issued();
  await prepareRequest(cx(), link.request_id);
  await correctLink(stage.staff, {
    linkId: link.id,
    payerName: "Adaeze Okafor",
    payerEmails: ["ap@okaforlogistics.example"],
    tokenVersion: 1,
  });
  await deliver(link.request_id);
  expect(sent.map((message) => message.to)).toEqual(["ap@okaforlogistics.example"]);
  expect(sent[0]?.html).toContain(linkUrl(stage.cx, await findLink(link.id)));
  expect(sent[0]?.html).not.toContain(linkUrl(stage.cx, link));
  expect((await findLink(link.id)).delivery).toBe("sent");
});

test("when one of two links is closed, the email sent again holds the other alone", async () => {
  const { links } = await issued([
    { balanceMinor: 90_000n },
    { balanceMinor: 500_000n, kind: "trust_request" },
  ]);
  const [operating, trust] = links;
  if (!operating || !trust) throw new Error("two links");
  await deliver(operating.request_id);
  await cancelLink(stage.staff, { linkId: operating.id });
  await resendLink(stage.staff, { linkId: trust.id, sendCount: 1 });
  sent.splice(0);
  await deliver(operating.request_id);
  expect(sent[0]?.html).toContain(linkUrl(stage.cx, trust));
  expect(sent[0]?.html).not.toContain(linkUrl(stage.cx, operating));
});

test("neither log, job nor record holds an address or a link", async () => {
  const { link } = await issued();
  outcomes.push({ outcome: "refused", reason: "No such address." });
  await deliver(link.request_id);
  const events = (await auditOf(link.id)).map((event) => [event.before, event.after]);
  const waiting = [...(await jobs("delivery.send")), ...(await jobs("delivery.request"))];
  expect(JSON.stringify([events, waiting, log.lines])).not.toMatch(/@|\/p\/[\w-]{64}/);
});

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { deliveryJobs } from "../../src/delivery/jobs.ts";
import type { Notice } from "../../src/delivery/notify.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { makeMember } from "../support/world.ts";
import { useLetterDesk } from "./desk.ts";

const desk = useLetterDesk();
const { stage, issued, pay, sent, read, emailsOfKind, sendAllOf, changeLink, changePayment } = desk;
let bookkeeper: MemberContext;
let admin: MemberContext;

beforeAll(async () => {
  bookkeeper = await makeMember(stage.cx, stage.firm.firmId, "bookkeeper", "Tobias Ellery");
  admin = await makeMember(stage.cx, stage.firm.firmId, "admin", "Priya Raman");
});
afterEach(async () => {
  await read((tx) => tx.deleteFrom("notification_rule").execute());
  await read((tx) => tx.deleteFrom("discrepancy").execute());
  await read((tx) => tx.deleteFrom("email").where("kind", "=", "notice").execute());
  sent.splice(0);
});

const tell = (notice: Omit<Notice, "occurrence"> & { occurrence?: string }, firmId = stage.firm.firmId) =>
  deliveryJobs["delivery.notify"](stage.cx, { firmId, occurrence: newId(), ...notice });

const rule = (event: Notice["event"], toSender: boolean, members: MemberContext[]) =>
  read(async (tx) => {
    const firm_id = stage.firm.firmId;
    await tx.insertInto("notification_rule").values({ firm_id, event, to_sender: toSender }).execute();
    for (const member of members)
      await tx
        .insertInto("notification_member")
        .values({ firm_id, event, member_id: member.actor.id })
        .execute();
  });

const raise = (kind: "payment_unknown" | "trust_fee", objectId: string) =>
  read((tx) =>
    tx
      .insertInto("discrepancy")
      .values({ firm_id: stage.firm.firmId, kind, object_id: objectId, facts: "{}" })
      .execute(),
  );

const hearers = async () => (await emailsOfKind("notice")).map((email) => email.member_id).sort();
const setState = (member: MemberContext, state: "active" | "removed") =>
  read((tx) => tx.updateTable("member").set({ state }).where("id", "=", member.actor.id).execute());

async function paid(amountMinor = 125_000n) {
  const { link, matter } = await issued();
  const paymentId = await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor }]);
  return { link, paymentId };
}

describe("who hears of an event", () => {
  it("is the link's sender without a rule, once for an occurrence", async () => {
    const { paymentId } = await paid();
    const notice = { event: "payment", paymentId, occurrence: paymentId } as const;
    await tell(notice);
    await tell(notice);
    expect(await hearers()).toEqual([stage.staff.actor.id]);
  });

  it("is whom the rule names, the sender too where it says so, each once", async () => {
    const { paymentId } = await paid();
    await rule("payment", true, [bookkeeper, stage.staff]);
    await tell({ event: "payment", paymentId });
    expect(await hearers()).toEqual([bookkeeper.actor.id, stage.staff.actor.id].sort());
  });

  it("is nobody where the firm wants it so", async () => {
    const { paymentId } = await paid();
    await rule("payment", false, []);
    await tell({ event: "payment", paymentId });
    expect(await hearers()).toEqual([]);
  });

  it("is never a member who was removed; the administrators stand in where nobody is left", async () => {
    const { link } = await issued();
    await setState(stage.staff, "removed");
    await tell({ event: "expiring", linkId: link.id });
    await setState(stage.staff, "active");
    expect(await hearers()).toEqual([admin.actor.id]);
  });

  it("is nobody of another firm", async () => {
    const { link } = await issued();
    await tell({ event: "expiring", linkId: link.id }, stage.other.firmId);
    expect(await hearers()).toEqual([]);
  });
});

describe("a notice", () => {
  it("of a payment names nobody in its subject and leads to the link", async () => {
    const { link, paymentId } = await paid(50_000n);
    await changeLink(link.id, { state: "part_paid", closed_at: new Date() });
    await tell({ event: "payment", paymentId });
    const [message] = await sendAllOf("notice");
    expect(message?.subject).toBe(`Payment received for ${link.reference}`);
    expect(message?.text).toContain("Adaeze Okafor paid $500.00 by Visa ··4242");
    expect(message?.text).toContain("$750.00 of $1,250.00 is still owed");
    expect(message?.text).toContain(`/links/${link.id}`);
    expect(message?.html).not.toContain("/p/");
  });

  it("of a failed payment says why", async () => {
    const { paymentId } = await paid();
    await changePayment(paymentId, {
      state: "failed",
      received_at: null,
      failure_reason: "The account has too little money",
    });
    await tell({ event: "payment_failed", paymentId });
    const [message] = await sendAllOf("notice");
    expect(message?.text).toContain("The reason: The account has too little money.");
  });

  it("of a dispute leads a bookkeeper to the postings and others to the link", async () => {
    const { link, paymentId } = await paid();
    await changePayment(paymentId, { dispute: "open" });
    await rule("dispute", true, [bookkeeper]);
    await tell({ event: "dispute", paymentId });
    const messages = await sendAllOf("notice");
    expect(messages).toHaveLength(2);
    expect(messages.filter((message) => message.text.includes("/postings?q=PAY-"))).toHaveLength(1);
    expect(messages.filter((message) => message.text.includes(`/links/${link.id}`))).toHaveLength(1);
  });

  it("of a bounce leads to the form that puts it right", async () => {
    const { link } = await issued();
    await changeLink(link.id, { delivery: "bounced", delivery_reason: "There is no such mailbox." });
    await tell({ event: "bounce", linkId: link.id });
    const [message] = await sendAllOf("notice");
    expect(message?.subject).not.toContain("Okafor");
    expect(message?.text).toContain(`Fix and resend: http://127.0.0.1:4000/links/${link.id}/correct`);
  });

  it("of a wish for a fresh link says what expired, and is not sent when there is a new one by then", async () => {
    const { link } = await issued();
    const past = new Date(Date.now() - 86_400_000);
    await changeLink(link.id, { state: "expired", expires_at: past, closed_at: past });
    await tell({ event: "fresh_link", linkId: link.id });
    const [message] = await sendAllOf("notice");
    expect(message?.subject).toBe(`The payer of ${link.reference} asks for a fresh link`);
    expect(message?.text).toContain("asked Adaeze Okafor for $1,250.00");
    expect(message?.text).toContain(`/links/${link.id}`);
    expect(message?.html).not.toContain("/p/");
    await makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" });
    await tell({ event: "fresh_link", linkId: link.id });
    expect(await sendAllOf("notice")).toHaveLength(1);
  });

  it("of money that does not agree goes to those who keep the books, and names nobody", async () => {
    await raise("payment_unknown", "one");
    await raise("trust_fee", "two");
    await tell({ event: "difference", occurrence: "differences:2026-11-23" });
    await tell({ event: "difference", occurrence: "differences:2026-11-23" });
    expect(await hearers()).toEqual([bookkeeper.actor.id, admin.actor.id].sort());
    const [message] = await sendAllOf("notice");
    expect(message?.subject).toBe("Money left a trust account that may not");
    expect(message?.text).toContain("There is 1 difference between");
    expect(message?.text).toContain("http://127.0.0.1:4000/deposits/differences");
  });

  it("of money that does not agree goes to whom the rule names, staff without the page's address", async () => {
    await raise("payment_unknown", "three");
    await rule("difference", false, [stage.staff]);
    await tell({ event: "difference" });
    expect(await hearers()).toEqual([stage.staff.actor.id]);
    const [message] = await sendAllOf("notice");
    expect(message?.text).not.toContain("/deposits");
  });

  it("of money that agrees again by then is not sent", async () => {
    await raise("payment_unknown", "four");
    await tell({ event: "difference" });
    await read((tx) => tx.deleteFrom("discrepancy").execute());
    expect(await sendAllOf("notice")).toEqual([]);
  });

  it("of what is settled by then is not sent", async () => {
    const { link } = await issued();
    await tell({ event: "expiring", linkId: link.id });
    await cancelLink(stage.staff, { linkId: link.id });
    expect(await sendAllOf("notice")).toEqual([]);
    expect((await emailsOfKind("notice"))[0]).toMatchObject({ state: "failed" });
  });

  it("stands on no link's time line", async () => {
    const { link } = await issued();
    await tell({ event: "expiring", linkId: link.id });
    await sendAllOf("notice");
    const actions = (await desk.auditOf(link.id)).map((event) => event.action);
    expect(actions).not.toContain("email.sent");
  });
});

describe("a test mail", () => {
  const ask = (change: object = {}) =>
    deliveryJobs["delivery.sendTest"](stage.cx, {
      firmId: stage.firm.firmId,
      memberId: admin.actor.id,
      use: "request",
      language: "en",
      nonce: newId(),
      ...change,
    });

  it("goes to the member who asked, says that it is a test and leads nowhere", async () => {
    await ask();
    const [message] = await sendAllOf("test");
    expect(message?.subject).toBe("Test: Payment request from Marlow Keane LLP");
    expect(message?.text).toContain("This is a test.");
    expect(message?.text).toContain("$2,840.00");
    expect(message?.html).not.toMatch(/href=/);
    expect(message?.text).not.toMatch(/[{}]/);
  });

  it.each(["reminder_before", "reminder_after", "receipt", "on_its_way", "bank_failed"] as const)(
    "shows %s in every language",
    async (use) => {
      for (const language of ["en", "es", "fr"] as const) await ask({ use, language });
      const messages = await sendAllOf("test");
      expect(new Set(messages.map((message) => message.subject)).size).toBe(3);
    },
  );

  it("is one email for one click, and none to a member of another firm", async () => {
    const before = (await emailsOfKind("test")).length;
    await ask({ nonce: "one click" });
    await ask({ nonce: "one click" });
    await ask({ memberId: stage.stranger.actor.id });
    expect(await emailsOfKind("test")).toHaveLength(before + 1);
  });
});

import { afterEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { useLetterDesk } from "./desk.ts";

const desk = useLetterDesk();
const { stage, issued, sent, outcomes, deliver, findLink, auditOf, jobs, queue, send, hook, word, emailsOf } =
  desk;

afterEach(async () => {
  sent.splice(0);
  outcomes.splice(0);
  await desk.forgetJobs();
});

const TWO = ["a@okafor.example", "b@okafor.example"];
const bounced = { ID: 1, Type: "HardBounce" };

describe("an email that comes back", () => {
  it("lets the firm hear of it once, whatever comes after", async () => {
    const { link } = await issued(undefined, { payerEmails: TWO });
    const [one, two] = await deliver(link.request_id);
    if (!one || !two) throw new Error("two emails");
    await hook(word(one, "Bounce", bounced));
    await hook(word(two, "Bounce", { ...bounced, ID: 2 }));
    await hook(word(one, "Bounce", bounced));
    const told = (await jobs("delivery.notify")).map((job) => job.payload);
    expect(told).toEqual([
      { firmId: stage.firm.firmId, event: "bounce", occurrence: one.id, linkId: link.id },
    ]);
  });

  it("says of how many addresses, and how far the other came", async () => {
    const { link } = await issued(undefined, { payerEmails: TWO });
    const [one, two] = await deliver(link.request_id);
    if (!one || !two) throw new Error("two emails");
    await hook(word(one, "Bounce", { ...bounced, ID: 3 }));
    expect(await findLink(link.id)).toMatchObject({
      delivery: "bounced",
      delivery_reason:
        "1 of 2 emails did not arrive: There is no such mailbox. The other has not arrived yet.",
    });
    await hook(word(two, "Delivery"));
    expect((await findLink(link.id)).delivery_reason).toBe(
      "1 of 2 emails did not arrive: There is no such mailbox. The other arrived.",
    );
  });

  it("of a reminder shows on the link too: the address has stopped working", async () => {
    const { link } = await issued();
    await deliver(link.request_id);
    const toAddress = link.payer_emails[0] ?? "";
    const id = await queue({
      kind: "reminder",
      intent: newId(),
      toAddress,
      linkId: link.id,
      topic: "before",
    });
    await send(id ?? "");
    const reminder = (await desk.emailsOfKind("reminder")).at(-1);
    if (!reminder) throw new Error("a reminder");
    await hook(word(reminder, "Bounce", { ...bounced, ID: 4 }));
    expect(await findLink(link.id)).toMatchObject({
      delivery: "bounced",
      delivery_reason: "There is no such mailbox.",
    });
    expect(await jobs("delivery.notify")).toHaveLength(1);
  });

  it("because the service has switched the address off says what to do", async () => {
    const { link } = await issued();
    outcomes.push({ outcome: "refused", reason: "Use another address, or have it switched on again." });
    await deliver(link.request_id);
    expect((await findLink(link.id)).delivery_reason).toContain("Use another address");
    expect(await jobs("delivery.notify")).toHaveLength(1);
  });
});

describe("a recipient who wants no more emails", () => {
  it("is noted on the email and the time line, and taken back when they change their mind", async () => {
    const { link } = await issued();
    const [email] = await deliver(link.request_id);
    if (!email) throw new Error("an email");
    const stop = {
      SuppressSending: true,
      SuppressionReason: "ManualSuppression",
      DeliveredAt: undefined,
      ChangedAt: "2026-11-23T12:00:00Z",
    };
    await hook(word(email, "SubscriptionChange", stop));
    await hook(word(email, "SubscriptionChange", stop));
    expect((await emailsOf(link.request_id))[0]?.reason).toContain("asked for no more emails");
    await hook(
      word(email, "SubscriptionChange", {
        SuppressSending: false,
        SuppressionReason: null,
        DeliveredAt: undefined,
        ChangedAt: "2026-11-23T13:00:00Z",
      }),
    );
    expect((await emailsOf(link.request_id))[0]).toMatchObject({ state: "sent", reason: null });
    const actions = (await auditOf(link.id)).map((event) => event.action);
    expect(actions.filter((action) => /stopped|allowed/.test(action))).toEqual([
      "email.stopped",
      "email.allowed",
    ]);
  });

  it("is not told twice where the bounce has told it", async () => {
    const { link } = await issued();
    const [email] = await deliver(link.request_id);
    if (!email) throw new Error("an email");
    await hook(word(email, "Bounce", { ...bounced, ID: 9 }));
    await hook(word(email, "SubscriptionChange", { SuppressSending: true, SuppressionReason: "HardBounce" }));
    expect((await emailsOf(link.request_id))[0]?.reason).toBe("There is no such mailbox.");
  });
});

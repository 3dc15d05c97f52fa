import { afterEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { deliveryJobs } from "../../src/delivery/jobs.ts";
import { canMoveEmail, deliveryOf } from "../../src/delivery/state.ts";
import { correctLink } from "../../src/links/correct.ts";
import { usePostOffice } from "./post-office.ts";

const { stage, read, app, issued, findLink, auditOf, jobs, sent, outcomes, emailsOf, deliver, hook, word } =
  usePostOffice();

afterEach(() => {
  sent.splice(0);
  outcomes.splice(0);
});

async function emailed(change: { payerEmails?: string[] } = {}) {
  const { link } = await issued(undefined, change);
  const [email] = await deliver(link.request_id);
  if (!email) throw new Error("no email");
  return { link, email };
}

const stateOf = async (email: { request_id: string | null }) =>
  (await emailsOf(email.request_id ?? ""))[0]?.state;
const inboxRows = (firmId: string) =>
  withFirm(stage.cx.database, firmId, (tx) =>
    tx
      .selectFrom("inbox_event")
      .select(["external_id", "outcome", "payload"])
      .where("source", "=", "postmark")
      .orderBy("received_at")
      .execute(),
  );

describe("the mail service's webhook", () => {
  it("takes nothing without the password", async () => {
    const { email } = await emailed();
    expect((await hook(word(email, "Delivery"), "a-wrong-password")).status).toBe(401);
    const bare = await app().request("/hooks/postmark", { method: "POST", body: "{}" });
    expect(bare.status).toBe(401);
    expect(await stateOf(email)).toBe("sent");
  });

  it("answers 400 to what is no record and 200 to what is not acted upon", async () => {
    const { email } = await emailed();
    expect((await hook({ hello: "world" })).status).toBe(400);
    const click = await hook(word(email, "Click"));
    expect([click.status, await click.json()]).toEqual([200, { outcome: "ignored" }]);
  });

  it("parks what belongs to no firm of ours", async () => {
    const body = { RecordType: "Delivery", MessageID: newId(), DeliveredAt: "2026-11-23T12:00:00Z" };
    for (const metadata of [undefined, { firm: newId() }, { firm: "not-an-id" }]) {
      const response = await hook({ ...body, MessageID: newId(), Metadata: metadata });
      expect([response.status, await response.json()]).toEqual([200, { outcome: "parked" }]);
    }
  });

  it("keeps no address of what it was told", async () => {
    const { email } = await emailed();
    await hook(
      word(email, "Bounce", { ID: 7, Type: "HardBounce", Email: "x@y.example", Description: "unknown" }),
    );
    const rows = await inboxRows(stage.firm.firmId);
    expect(rows.at(-1)?.external_id).toContain("Bounce");
    expect(JSON.stringify(rows)).not.toContain("@");
  });
});

describe("a word of the mail service", () => {
  it("brings a delivery onto the email and the link, once", async () => {
    const { link, email } = await emailed();
    const said = word(email, "Delivery");
    expect(await (await hook(said)).json()).toEqual({ outcome: "received" });
    expect(await (await hook(said)).json()).toEqual({ outcome: "known" });
    expect(await stateOf(email)).toBe("delivered");
    expect((await findLink(link.id)).delivery).toBe("delivered");
    expect((await auditOf(link.id)).filter((event) => event.action === "email.delivered")).toHaveLength(1);
  });

  it("changes nothing when its job runs twice", async () => {
    const { link, email } = await emailed();
    await hook(word(email, "Delivery"));
    const [job] = (await jobs("delivery.onPostmark")).slice(-1);
    const before = await auditOf(link.id);
    const payload = job?.payload as { firmId: string; inboxEventId: string };
    await deliveryJobs["delivery.onPostmark"](stage.cx, payload);
    expect(await auditOf(link.id)).toEqual(before);
  });

  it("brings a bounce with its reason, and a late delivery does not undo it", async () => {
    const { link, email } = await emailed();
    await hook(word(email, "Bounce", { ID: 1, Type: "HardBounce", BouncedAt: "2026-11-23T12:00:01Z" }));
    await hook(word(email, "Delivery"));
    expect(await stateOf(email)).toBe("bounced");
    expect(await findLink(link.id)).toMatchObject({
      delivery: "bounced",
      delivery_reason: "There is no such mailbox.",
    });
  });

  it("does not take a delay or a holiday note for a bounce", async () => {
    const { email } = await emailed();
    await hook(word(email, "Bounce", { ID: 2, Type: "Transient" }));
    await hook(word(email, "Bounce", { ID: 3, Type: "AutoResponder" }));
    expect(await stateOf(email)).toBe("sent");
  });

  it("notes a complaint and the first opening", async () => {
    const { email } = await emailed();
    await hook(word(email, "Open", { ReceivedAt: "2026-11-23T13:00:00Z", DeliveredAt: undefined }));
    await hook(word(email, "Open", { ReceivedAt: "2026-11-23T14:00:00Z", DeliveredAt: undefined }));
    const [opened] = await emailsOf(email.request_id ?? "");
    expect([opened?.state, opened?.opened_at?.toISOString()]).toEqual(["sent", "2026-11-23T13:00:00.000Z"]);
    await hook(word(email, "SpamComplaint", { ID: 4 }));
    expect(await stateOf(email)).toBe("complained");
  });

  it("clears up what was unclear", async () => {
    outcomes.push({ outcome: "unclear", reason: "The mail service did not answer." });
    const { link, email } = await emailed();
    expect(email.state).toBe("unclear");
    await hook(word(email, "Delivery"));
    expect(await findLink(link.id)).toMatchObject({ delivery: "delivered", delivery_reason: null });
  });

  it("about the old address says nothing of a link that was corrected", async () => {
    const { link, email } = await emailed();
    await correctLink(stage.staff, {
      linkId: link.id,
      payerName: link.payer_name,
      payerEmails: ["ap@okaforlogistics.example"],
      tokenVersion: 1,
    });
    await hook(word(email, "Bounce", { ID: 5, Type: "HardBounce" }));
    expect((await findLink(link.id)).delivery).toBe("queued");
  });

  it("cannot reach an email of another firm", async () => {
    const { email } = await emailed();
    const body = word(email, "Bounce", { ID: 6, Type: "HardBounce" });
    await hook({ ...body, Metadata: { firm: stage.other.firmId, email: email.id } });
    expect(await stateOf(email)).toBe("sent");
    expect((await inboxRows(stage.other.firmId)).map((row) => row.outcome)).toEqual(["no such email"]);
  });

  it("finds its email by the message's id where the metadata is missing", async () => {
    const { email } = await emailed();
    await hook({ ...word(email, "Delivery"), Metadata: { firm: email.firm_id } });
    expect(await stateOf(email)).toBe("delivered");
  });

  it("may come before our own record of the sending", async () => {
    const { link, email } = await emailed();
    await read((tx) =>
      tx
        .updateTable("email")
        .set({ state: "sending", message_id: null, sent_at: null })
        .where("id", "=", email.id)
        .execute(),
    );
    await hook(word({ ...email, message_id: null }, "Delivery"));
    expect(await stateOf(email)).toBe("delivered");
    expect((await findLink(link.id)).delivery).toBe("delivered");
  });
});

describe("deliveryOf", () => {
  const of = (...states: Parameters<typeof deliveryOf>[0][number]["state"][]) =>
    deliveryOf(states.map((state) => ({ state, reason: null }))).delivery;

  it("shows what went wrong before what went well", () => {
    expect(of("delivered", "bounced")).toBe("bounced");
    expect(of("delivered", "complained")).toBe("bounced");
    expect(of("sent", "failed")).toBe("bounced");
    expect(of("delivered", "sent")).toBe("sent");
    expect(of("delivered", "sending")).toBe("queued");
    expect(of("delivered", "delivered")).toBe("delivered");
    expect(of()).toBe("queued");
  });

  it("never lets an email leave a final state", () => {
    for (const state of ["bounced", "complained", "failed"] as const) {
      for (const to of ["queued", "sending", "sent", "delivered"] as const)
        expect(canMoveEmail(state, to)).toBe(false);
    }
  });
});

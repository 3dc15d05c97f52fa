import { afterEach, describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { composeEmail } from "../../src/delivery/compose.ts";
import { notify } from "../../src/delivery/notify.ts";
import { mailContext } from "../../src/delivery/send.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { expireDue } from "../../src/links/expire.ts";
import { extendLink } from "../../src/links/extend.ts";
import { SENT_AT, useReminderStage } from "./stage.ts";

const { stage, setClock, sent, findLink, jobs, forgetJobs, change } = useReminderStage();

afterEach(async () => {
  // The links of one test are none of the next one's business.
  await withFirm(stage.cx.database, stage.firm.firmId, (tx) =>
    tx.updateTable("payment_link").set({ state: "cancelled" }).execute(),
  );
  await forgetJobs();
});

/** A link that expires on Thursday, December 18, at ten in Chicago. */
const fresh = async (expiresAt = "2025-12-18T16:00:00Z") => {
  setClock(SENT_AT);
  return await change((await sent()).id, { expires_at: new Date(expiresAt) });
};
const notices = async () => (await jobs("delivery.notify")).map((job) => job.payload);
const at = async (instant: string) => {
  setClock(instant);
  await expireDue(stage.cx);
};
const setDays = (days: number) =>
  withFirm(stage.cx.database, stage.firm.firmId, (tx) =>
    tx.updateTable("firm_settings").set({ expiry_notice_days: days }).execute(),
  );

describe("the notice that a link is about to expire", () => {
  it("goes out in the morning, as many days before as the firm has set, once", async () => {
    const link = await fresh();
    await at("2025-12-14T20:00:00Z");
    await at("2025-12-15T13:59:00Z");
    expect(await notices()).toEqual([]);
    await at("2025-12-15T14:00:00Z");
    await at("2025-12-15T14:01:00Z");
    expect(await notices()).toEqual([
      {
        firmId: stage.firm.firmId,
        event: "expiring",
        occurrence: `${link.id}:2025-12-18T16:00:00.000Z`,
        linkId: link.id,
      },
    ]);
  });

  it("is one for all links of a sender that expire on a day, named by the soonest", async () => {
    await fresh("2025-12-18T20:00:00Z");
    const soonest = await fresh("2025-12-18T07:00:00Z");
    await fresh("2025-12-19T05:59:59Z");
    const nextDay = await fresh("2025-12-19T16:00:00Z");
    await at("2025-12-15T14:00:00Z");
    expect((await notices()).map((notice) => notice.linkId)).toEqual([soonest.id]);
    await at("2025-12-16T14:00:00Z");
    expect((await notices()).map((notice) => notice.linkId)).toEqual([soonest.id, nextDay.id]);
  });

  it("says how many they are, and leads to them", async () => {
    const one = await fresh();
    await fresh("2025-12-18T20:00:00Z");
    await fresh("2025-12-19T20:00:00Z");
    await at("2025-12-15T14:00:00Z");
    const [notice] = await notices();
    const cx = mailContext(stage.cx, stage.firm.firmId, "test");
    await notify(cx, { event: "expiring", occurrence: "once", linkId: String(notice?.linkId) });
    const message = await withFirm(stage.cx.database, stage.firm.firmId, async (tx) => {
      const email = await tx
        .selectFrom("email")
        .selectAll()
        .where("link_id", "=", one.id)
        .where("kind", "=", "notice")
        .executeTakeFirstOrThrow();
      return await composeEmail(tx, cx, email, [one]);
    });
    expect(message?.subject).toBe("2 links are about to expire unpaid");
    expect(message?.text).toContain("Thursday, December 18, 2025");
    expect(message?.text).toContain(`/sent?tab=outstanding&sender=${stage.staff.actor.id}&sort=expires`);
    expect(message?.text).not.toContain("Okafor");
  });

  it("goes out again for another last day", async () => {
    const link = await fresh();
    await at("2025-12-16T16:00:00Z");
    await extendLink(stage.staff, { linkId: link.id, expiresOn: "2026-01-15" });
    await at("2025-12-17T16:00:00Z");
    expect(await notices()).toHaveLength(1);
    await at("2026-01-14T16:00:00Z");
    expect((await notices()).map((notice) => notice.occurrence)).toEqual([
      `${link.id}:2025-12-18T16:00:00.000Z`,
      `${link.id}:2026-01-16T05:59:59.000Z`,
    ]);
  });

  it("goes out once when two runners are at it", async () => {
    await fresh();
    setClock("2025-12-16T16:00:00Z");
    await Promise.all([expireDue(stage.cx), expireDue(stage.cx)]);
    expect(await notices()).toHaveLength(1);
  });

  it("does not go out for a link that lives no longer than that, nor for one that is closed", async () => {
    const short = await fresh("2025-11-21T16:00:00Z");
    const closed = await fresh();
    await cancelLink(stage.staff, { linkId: closed.id });
    await at("2025-11-18T16:01:00Z");
    await at("2025-11-21T16:00:00Z");
    expect((await findLink(short.id)).state).toBe("expired");
    await at("2025-12-16T16:00:00Z");
    expect(await notices()).toEqual([]);
  });

  it("does not go out where the firm wants none", async () => {
    await fresh();
    await setDays(0);
    await at("2025-12-17T16:00:00Z");
    expect(await notices()).toEqual([]);
    await setDays(3);
  });
});

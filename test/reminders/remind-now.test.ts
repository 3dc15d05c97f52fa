import { beforeAll, describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { moveLink } from "../../src/links/move.ts";
import { lockLink } from "../../src/links/queries.ts";
import type { LinkState } from "../../src/links/state.ts";
import { reminderJobs } from "../../src/reminders/jobs.ts";
import { remindNow } from "../../src/reminders/remind-now.ts";
import { switchReminders } from "../../src/reminders/switch.ts";
import { updateMember } from "../../src/team/queries.ts";
import { problemOf } from "../links/stage.ts";
import { asOwner } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { SENT_AT, useReminderStage } from "./stage.ts";

const { box, stage, setClock, usePlan, sent, runAt, outcomes, letters, change, auditOf, newOccurrence } =
  useReminderStage();

beforeAll(async () => {
  await usePlan();
});

const fresh = async (wish: Parameters<typeof sent>[0] = {}) => {
  setClock(SENT_AT);
  return await sent(wish);
};
const now = (linkId: string, occurrence = newOccurrence()) => remindNow(stage.staff, { linkId, occurrence });
const asJob = (linkId: string, by = stage.staff.actor.id, occurrence = newOccurrence()) =>
  reminderJobs["reminders.remindNow"](stage.cx, { firmId: stage.firm.firmId, linkId, by, occurrence });

describe("a reminder by hand", () => {
  it("goes to each address at once and names who sent it", async () => {
    const link = await fresh({ payerEmails: ["a@okafor.example", "b@okafor.example"] });
    await now(link.id);
    expect(await outcomes(link.id)).toEqual(["hand sent"]);
    expect(await letters(link.id)).toHaveLength(2);
    expect((await auditOf(link.id)).at(-1)).toMatchObject({
      action: "reminder.sent",
      actor_name: "Dana Whitfield",
      after: { recipients: 2, byHand: true },
    });
  });

  it("goes out once for two clicks on the same page, at the same moment too", async () => {
    const link = await fresh();
    const occurrence = newOccurrence();
    await Promise.all([1, 2, 3].map(() => now(link.id, occurrence)));
    expect(await letters(link.id)).toHaveLength(1);
  });

  it("goes out once a day, whoever asks, and again on the next day", async () => {
    const link = await fresh();
    await now(link.id);
    expect(await problemOf(now(link.id))).toMatchObject({
      code: "conflict",
      message: "A reminder went out today already. The next one can go out tomorrow.",
    });
    // Ten at night in Chicago is the next day in UTC, but not for the firm.
    setClock("2025-11-19T04:00:00Z");
    expect((await problemOf(now(link.id))).code).toBe("conflict");
    setClock("2025-11-19T06:00:00Z");
    await now(link.id);
    expect(await letters(link.id)).toHaveLength(2);
  });

  it("takes the place of the one that was planned for the day", async () => {
    const link = await fresh();
    await runAt(SENT_AT);
    setClock("2025-11-28T14:00:00Z");
    await now(link.id);
    await runAt("2025-11-28T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["hand sent", "1 already_today"]);
  });

  it("is refused by the database a second time on one day", async () => {
    const link = await fresh();
    await now(link.id);
    await expect(
      asOwner(
        box,
        `alter table reminder no force row level security;
         insert into reminder (firm_id, id, link_id, occurrence, state, day, settled_at)
         values ('${stage.firm.firmId}', gen_random_uuid(), '${link.id}', 'again', 'sent', '2025-11-18', now())`,
      ),
    ).rejects.toThrow(/reminder_once_a_day/);
  });

  it("goes out although the link's own reminders are switched off", async () => {
    const link = await fresh();
    await switchReminders(stage.staff, { linkId: link.id, isOn: false });
    await now(link.id);
    expect(await outcomes(link.id)).toEqual(["hand sent"]);
  });

  it.each(["processing", "payment_received", "part_paid", "cancelled", "expired"] as const)(
    "is not sent for a link that is %s",
    async (state: LinkState) => {
      const link = await fresh();
      await withFirm(stage.cx.database, stage.firm.firmId, async (tx) =>
        moveLink(tx, stage.staff, await lockLink(tx, stage.firm.firmId, link.id), state),
      );
      const problem = await problemOf(now(link.id));
      expect(problem.code).toBe("conflict");
      expect(problem.message).toContain("no reminder was sent");
      expect(await letters(link.id)).toEqual([]);
    },
  );

  it("is not sent for a link whose time is over, though the timetable has not closed it yet", async () => {
    const link = await fresh();
    await change(link.id, { expires_at: new Date("2025-11-18T15:59:00Z") });
    expect((await problemOf(now(link.id))).message).toContain("This link has expired");
  });

  it("asks for an address where there is none, and for another where emails bounce", async () => {
    const without = await fresh({ delivery: "copy", payerEmails: [] });
    expect((await problemOf(now(without.id))).message).toContain("no email address");
    const bounced = await fresh();
    await change(bounced.id, { delivery: "bounced" });
    expect((await problemOf(now(bounced.id))).message).toContain("Correct the address");
  });

  it("finds no link of another firm", async () => {
    const link = await fresh();
    const asked = remindNow(stage.stranger, { linkId: link.id, occurrence: newOccurrence() });
    expect((await problemOf(asked)).code).toBe("not_found");
    const switched = switchReminders(stage.stranger, { linkId: link.id, isOn: false });
    expect((await problemOf(switched)).code).toBe("not_found");
  });
});

describe("the job for many links", () => {
  it("sends once when it comes twice, also a day later", async () => {
    const link = await fresh();
    const occurrence = newOccurrence();
    await asJob(link.id, undefined, occurrence);
    await asJob(link.id, undefined, occurrence);
    setClock("2025-11-20T16:00:00Z");
    await asJob(link.id, undefined, occurrence);
    expect(await letters(link.id)).toHaveLength(1);
  });

  it("ends quietly where a reminder went out today or the link is closed", async () => {
    const link = await fresh();
    await now(link.id);
    await asJob(link.id);
    expect(await letters(link.id)).toHaveLength(1);
    await change(link.id, { state: "cancelled" });
    setClock("2025-11-20T16:00:00Z");
    await asJob(link.id);
    expect(await letters(link.id)).toHaveLength(1);
  });

  it("does nothing for a member who was removed meanwhile, or who is of another firm", async () => {
    const link = await fresh();
    const gone = await makeMember(stage.cx, stage.firm.firmId, "staff", "Ben Ortiz");
    await withFirm(stage.cx.database, stage.firm.firmId, (tx) =>
      updateMember(tx, stage.firm.firmId, gone.actor.id, { state: "removed" }),
    );
    await asJob(link.id, gone.actor.id);
    await asJob(link.id, stage.stranger.actor.id);
    expect(await letters(link.id)).toEqual([]);
  });
});

describe("switching the reminders of one link", () => {
  it("says so when the link is closed", async () => {
    const link = await fresh();
    await change(link.id, { state: "cancelled" });
    expect(
      (await problemOf(switchReminders(stage.staff, { linkId: link.id, isOn: false }))).message,
    ).toContain("This link is closed");
  });

  it("says so when the firm sends none, and changes nothing", async () => {
    await usePlan({ isOn: false });
    const link = await fresh();
    const problem = await problemOf(switchReminders(stage.staff, { linkId: link.id, isOn: true }));
    expect(problem.message).toContain("An administrator can switch them on in Settings");
    await usePlan();
  });

  it("is recorded once for two clicks", async () => {
    const link = await fresh();
    await switchReminders(stage.staff, { linkId: link.id, isOn: false });
    await switchReminders(stage.staff, { linkId: link.id, isOn: false });
    const events = (await auditOf(link.id)).filter((event) => event.action === "reminder.switchedOff");
    expect(events).toHaveLength(1);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { extendLink } from "../../src/links/extend.ts";
import { resendLink } from "../../src/links/resend.ts";
import { switchReminders } from "../../src/reminders/switch.ts";
import { SENT_AT, useReminderStage } from "./stage.ts";

const { stage, setClock, usePlan, runAt, planned, outcomes, nextOf, change } = useReminderStage();

beforeAll(async () => {
  await usePlan();
});

describe("what moves reminders", () => {
  it("sending again counts as the reminder of that day and moves those that count from it", async () => {
    const link = await planned({ dueOn: undefined });
    expect(await nextOf(link.id)).toBe("2025-11-25T15:00:00.000Z");
    setClock("2025-11-25T14:00:00Z");
    await resendLink(stage.staff, { linkId: link.id, sendCount: 1 });
    await runAt("2025-11-25T15:00:00Z");
    expect(await outcomes(link.id)).toEqual([]);
    expect(await nextOf(link.id)).toBe("2025-12-02T15:00:00.000Z");
  });

  it("another expiry brings back what would have come after the first", async () => {
    const link = await planned();
    await extendLink(stage.staff, { linkId: link.id, expiresOn: "2025-11-28" });
    await runAt(SENT_AT);
    await runAt("2025-11-28T15:00:00Z");
    expect(await nextOf(link.id)).toBeNull();
    await extendLink(stage.staff, { linkId: link.id, expiresOn: "2025-12-31" });
    await runAt("2025-11-28T15:01:00Z");
    expect(await nextOf(link.id)).toBe("2025-12-01T15:00:00.000Z");
  });

  it("another plan is for links that are made after it; the others keep theirs", async () => {
    const before = await planned();
    const plan = await usePlan({ hour: 13 });
    const after = await planned();
    expect([before.reminder_plan_version, after.reminder_plan_version]).toEqual([
      plan.version - 1,
      plan.version,
    ]);
    await change(before.id, { expires_at: new Date("2026-01-15T00:00:00Z") });
    await runAt(SENT_AT);
    expect(await nextOf(before.id)).toBe("2025-11-28T15:00:00.000Z");
    expect(await nextOf(after.id)).toBe("2025-11-28T19:00:00.000Z");
    await usePlan();
  });

  it("a plan that is off gives new links none, until somebody switches them on for one", async () => {
    const off = await usePlan({ isOn: false });
    const link = await planned();
    expect(link).toMatchObject({ reminder_plan_version: null, reminder_check_at: null });
    const on = await usePlan();
    expect(on.version).toBe(off.version + 1);
    await switchReminders(stage.staff, { linkId: link.id, isOn: true });
    await runAt(SENT_AT);
    expect(await nextOf(link.id)).toBe("2025-11-28T15:00:00.000Z");
  });
});

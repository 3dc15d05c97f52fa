import { beforeAll, describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { lockWithLinks, moveEmail } from "../../src/delivery/apply.ts";
import { correctLink } from "../../src/links/correct.ts";
import { sendDueOfFirm } from "../../src/reminders/send-due.ts";
import { switchReminders } from "../../src/reminders/switch.ts";
import { useReminderStage } from "./stage.ts";

const {
  stage,
  setClock,
  usePlan,
  runAt,
  planned,
  bring,
  outcomes,
  letters,
  nextOf,
  change,
  findLink,
  auditOf,
} = useReminderStage();

beforeAll(async () => {
  await usePlan();
});

describe("a link's reminders", () => {
  it("are worked out within a minute, go out on their days, and are noted on the link", async () => {
    const link = await planned({ payerEmails: ["a@okafor.example", "b@okafor.example"] });
    expect(link.reminder_plan_version).toBe(1);
    expect(await nextOf(link.id)).toBe("2025-11-28T15:00:00.000Z");
    await runAt("2025-11-28T14:59:00Z");
    expect(await outcomes(link.id)).toEqual([]);
    await runAt("2025-11-28T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 sent"]);
    const emails = await letters(link.id);
    expect(emails.map((email) => email.to_address).sort()).toEqual(["a@okafor.example", "b@okafor.example"]);
    expect(new Set(emails.map((email) => email.topic))).toEqual(new Set(["before"]));
    expect(emails.every((email) => email.reminder_id !== null && email.state === "queued")).toBe(true);
    expect(await nextOf(link.id)).toBe("2025-12-01T15:00:00.000Z");
    await runAt("2025-12-01T15:00:00Z");
    await runAt("2025-12-08T15:00:30Z");
    expect(await outcomes(link.id)).toEqual(["1 sent", "2 sent", "3 sent"]);
    expect((await letters(link.id)).map((email) => email.topic).sort()).toEqual([
      "after",
      "after",
      "before",
      "before",
      "before",
      "before",
    ]);
    expect(await findLink(link.id)).toMatchObject({ next_reminder_at: null, reminder_check_at: null });
    const audit = await auditOf(link.id);
    expect(audit.filter((event) => event.action === "reminder.sent")).toHaveLength(3);
    expect(JSON.stringify(audit.map((event) => event.after))).not.toContain("@okafor");
  });

  it("go out once when two runners are at it at the same moment", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(async () => (await planned()).id));
    setClock("2025-11-28T15:00:00Z");
    await Promise.all([1, 2, 3].map(() => sendDueOfFirm(stage.cx, stage.firm.firmId)));
    await sendDueOfFirm(stage.cx, stage.firm.firmId);
    for (const id of ids) {
      expect(await outcomes(id)).toEqual(["1 sent"]);
      expect(await letters(id)).toHaveLength(1);
    }
  });

  it("go out once when the clock goes back and comes again", async () => {
    const link = await planned();
    await runAt("2025-11-28T15:00:00Z");
    await runAt("2025-11-27T12:00:00Z");
    await change(link.id, { send_count: 1, reminders_on: true });
    await runAt("2025-11-28T15:00:00Z");
    await runAt("2025-11-28T18:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 sent"]);
  });

  it("end in one letter, the latest, after a stop of days", async () => {
    const link = await planned();
    await runAt("2025-12-01T16:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 overtaken", "2 sent"]);
    expect(await letters(link.id)).toHaveLength(1);
  });

  it("are passed over when more than the next business day went by", async () => {
    const link = await planned();
    await runAt("2025-12-16T12:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 missed", "2 missed", "3 missed"]);
    expect(await letters(link.id)).toEqual([]);
    expect((await auditOf(link.id)).filter((event) => event.action === "reminder.skipped")).toHaveLength(3);
  });
});

describe("what stops reminders", () => {
  it.each(["payment_received", "part_paid", "cancelled", "expired"] as const)(
    "%s ends them at once",
    async (state) => {
      const link = await planned();
      await bring(link.id, state);
      expect(await findLink(link.id)).toMatchObject({ next_reminder_at: null, reminder_check_at: null });
      await runAt("2025-11-28T15:00:00Z");
      expect(await outcomes(link.id)).toEqual([]);
    },
  );

  it("a bank payment under way holds them back, and one that fails lets them go on", async () => {
    const link = await planned();
    await bring(link.id, "processing");
    expect(await nextOf(link.id)).toBeNull();
    await runAt("2025-11-28T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 processing"]);
    await bring(link.id, "outstanding");
    await runAt("2025-11-30T15:00:00Z");
    expect(await nextOf(link.id)).toBe("2025-12-01T15:00:00.000Z");
    await runAt("2025-12-01T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 processing", "2 sent"]);
  });

  it("a bounce holds them back until the address is corrected", async () => {
    const link = await planned();
    await change(link.id, { delivery: "bounced", delivery_reason: "There is no such mailbox." });
    expect(await nextOf(link.id)).toBeNull();
    await runAt("2025-11-28T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 bounced"]);
    await correctLink(stage.staff, {
      linkId: link.id,
      payerName: "Adaeze Okafor",
      payerEmails: ["ap@okafor.example"],
      tokenVersion: 1,
    });
    await runAt("2025-11-28T16:00:00Z");
    expect(await nextOf(link.id)).toBe("2025-12-01T15:00:00.000Z");
    await runAt("2025-12-01T15:00:00Z");
    expect((await letters(link.id)).map((email) => email.to_address)).toEqual(["ap@okafor.example"]);
  });

  it("a reminder that bounces at one of two addresses holds back the next ones as well", async () => {
    const link = await planned({ payerEmails: ["a@okafor.example", "b@okafor.example"] });
    await runAt("2025-11-28T15:00:00Z");
    const [email] = await letters(link.id);
    const cx = { ...stage.staff, actor: { kind: "mail", name: "Mail service" } } as const;
    await withFirm(stage.cx.database, stage.firm.firmId, async (tx) => {
      const locked = await lockWithLinks(tx, stage.firm.firmId, email?.id ?? "");
      if (!locked) throw new Error("no email");
      await moveEmail(tx, cx, locked, "sending");
      await moveEmail(tx, cx, { ...locked, email: { ...locked.email, state: "sending" } }, "bounced", {
        reason: "There is no such mailbox.",
      });
    });
    await runAt("2025-12-01T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 sent", "2 bounced"]);
  });

  it("switching them off passes over what comes, and switching on goes on with what is left", async () => {
    const link = await planned();
    await switchReminders(stage.staff, { linkId: link.id, isOn: false });
    expect(await nextOf(link.id)).toBeNull();
    await runAt("2025-11-28T15:00:00Z");
    expect(await outcomes(link.id)).toEqual(["1 off"]);
    await switchReminders(stage.staff, { linkId: link.id, isOn: true });
    await runAt("2025-11-28T15:01:00Z");
    expect(await nextOf(link.id)).toBe("2025-12-01T15:00:00.000Z");
  });

  it("a link that was copied gets reminders where it has an address, and none where it has not", async () => {
    const without = await planned({ delivery: "copy", payerEmails: [] });
    const withAddress = await planned({ delivery: "copy" });
    await runAt("2025-11-28T15:00:00Z");
    expect(await outcomes(without.id)).toEqual(["1 no_address"]);
    expect(await outcomes(withAddress.id)).toEqual(["1 sent"]);
  });
});

import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { readNotifications } from "../../src/settings/notification-queries.ts";
import { rulesOf } from "../../src/settings/notifications.ts";
import { partSection } from "../../src/settings/part-section.ts";
import { getSettings } from "../../src/settings/queries.ts";
import { saveNotifications } from "../../src/settings/save-notifications.ts";
import { saveSection } from "../../src/settings/save-section.ts";
import { fieldsOf } from "../links/form.ts";
import { openBrowser } from "../postings/browser.ts";
import { useSettingsStage } from "./stage.ts";

const { stage, read, record } = useSettingsStage();
const stored = () => read((tx) => getSettings(tx, stage.firm.firmId));

async function save(path: string, change: Record<string, string | string[] | undefined>) {
  const page = await stage.browser.get(path);
  const fields = { ...fieldsOf(page.document.toString(), path), ...change };
  const sent = Object.entries(fields).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined,
  );
  return await stage.browser.post(path, Object.fromEntries(sent));
}

describe("part payments", () => {
  const PATH = "/settings/part-payments";

  it("are allowed down to an amount, and the rest asked for by itself", async () => {
    expect((await save(PATH, { allowed: "on", least: "$1,000", successor: "by_itself" })).status).toBe(303);
    expect(await stored()).toMatchObject({
      part_payments_allowed: true,
      least_part_payment_minor: 100_000n,
      successor: "by_itself",
    });
    expect((await record()).at(-1)).toMatchObject({
      action: "settings.part_payments_changed",
      before: { allowed: "", least: "50.00", successor: "by_hand" },
      after: { allowed: "on", least: "1,000.00", successor: "by_itself" },
    });
    await save(PATH, { allowed: undefined });
    expect(await stored()).toMatchObject({ part_payments_allowed: false });
  });

  it.each([
    [{ least: "" }, "least", "Enter the amount"],
    [{ least: "0.49" }, "least", "Enter at least 0.50"],
    [{ least: "a lot" }, "least", "Enter the amount in figures"],
    [{ least: "-5" }, "least", "Enter an amount above zero"],
    [{ successor: "never" }, "successor", "Choose how the rest is asked for"],
  ])("refuse %j", async (change, box, words) => {
    const answer = await save(PATH, change as Record<string, string>);
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector(`#${box}-error`)?.text).toContain(words);
  });

  it("are for administrators, and never overwritten unseen", async () => {
    const typed = partSection.show(await stored());
    await expect(saveSection(stage.bookkeeper, partSection, { typed, seen: "" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(saveSection(stage.admin, partSection, { typed, seen: "old" })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("notifications", () => {
  const PATH = "/settings/notifications";
  const readRules = () => read((tx) => readNotifications(tx, stage.firm.firmId));

  it("start with the sender alone, for everything", async () => {
    const rules = rulesOf(() => ({ toSender: true, memberIds: [] }));
    expect(await readRules()).toEqual({ rules, expiryDays: "3", copiesToSender: false });
  });

  it("go to whom the firm chooses", async () => {
    const ids = [stage.bookkeeper.actor.id, stage.colleague.actor.id].toSorted();
    const change = { "sender-dispute": undefined, "member-dispute": ids, expiryDays: "0", copies: "on" };
    expect((await save(PATH, change)).status).toBe(303);
    expect(await readRules()).toMatchObject({
      rules: { dispute: { toSender: false, memberIds: ids }, payment: { toSender: true, memberIds: [] } },
      expiryDays: "0",
      copiesToSender: true,
    });
    expect((await record()).at(-1)).toMatchObject({
      action: "settings.notifications_changed",
      before: { dispute: "the sender", expiryDays: "3", copies: "off" },
      after: { dispute: "Ben Ortiz, Cora Lind", expiryDays: "0", copies: "on" },
    });
    expect((await stage.browser.get(PATH)).text).toContain("Also told: Ben Ortiz, Cora Lind");
    const before = (await record()).length;
    await save(PATH, {});
    expect((await record()).length).toBe(before);
  });

  it("never go to somebody of another firm or to nobody that is known", async () => {
    for (const id of [stage.stranger.actor.id, newId(), "x"]) {
      const answer = await save(PATH, { "member-bounce": [id] });
      expect(answer.status).toBe(422);
      expect(answer.document.querySelector("#bounce-error")?.text).toContain("no longer a member");
    }
  });

  it.each(["", "31", "-1", "2.5", "soon"])("refuse %j days before the expiry", async (expiryDays) => {
    const answer = await save(PATH, { expiryDays });
    expect(answer.status).toBe(422);
    expect(answer.document.querySelector("#expiryDays-error")?.text).toContain("from 0 to 30");
  });

  it("show what somebody else chose meanwhile, and are for administrators", async () => {
    const fields = fieldsOf((await stage.browser.get(PATH)).document.toString(), PATH);
    await save(PATH, { expiryDays: "5" });
    const answer = await stage.browser.post(PATH, { ...fields, expiryDays: "7" });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("Days before a link expiresSaved meanwhile: 5 You wrote: 7");
    const typed = await readRules();
    await expect(saveNotifications(stage.staff, { typed, seen: "" })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await (await openBrowser(stage.cx, stage.staff)).get(PATH)).status).toBe(403);
  });
});

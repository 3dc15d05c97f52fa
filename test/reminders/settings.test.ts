import { describe, expect, it } from "vitest";
import { savePlan } from "../../src/reminders/save-plan.ts";
import { fieldsOf } from "../links/form.ts";
import { problemOf } from "../links/stage.ts";
import { makeMember } from "../support/world.ts";
import { planInput, useReminderStage } from "./stage.ts";

const { stage, admin, request, read } = useReminderStage({ realClock: true });
const PATH = "/settings/reminders";

const plans = () => read((tx) => tx.selectFrom("reminder_plan").selectAll().orderBy("version").execute());
const textOf = async (answer: Response | Promise<Response>) => {
  const { parse } = await import("node-html-parser");
  return parse(await (await answer).text()).text.replace(/\s+/g, " ");
};
const typed = (fields: Record<string, string> = {}) => ({
  version: "0",
  all: "on",
  hour: "9",
  shift: "before",
  holidays: "on",
  "on-1": "on",
  "side-1": "before",
  "days-1": "3",
  sentOn: "2026-11-17",
  dueOn: "2026-12-01",
  ...fields,
});
const saving = async (fields: Record<string, string>) => request(PATH, await admin(), typed(fields));

describe("the settings page of reminders", () => {
  it("is for administrators", async () => {
    for (const member of [stage.staff, await makeMember(stage.cx, stage.firm.firmId, "bookkeeper")]) {
      expect((await request(PATH, member)).status).toBe(403);
      expect((await request(PATH, member, typed())).status).toBe(403);
      expect((await request(`${PATH}/draft`, member, typed())).status).toBe(403);
    }
    expect((await problemOf(savePlan(stage.staff, planInput()))).code).toBe("forbidden");
    expect(await plans()).toEqual([]);
  });

  it("starts with a suggestion that is off, so that nothing goes out unasked", async () => {
    const html = await (await request(PATH, await admin())).text();
    const fields = fieldsOf(html, PATH);
    expect(fields).toMatchObject({
      version: "0",
      "days-1": "3",
      "side-2": "on",
      "side-3": "after",
      hour: "9",
    });
    expect(fields).not.toHaveProperty("all");
    expect(await textOf(request(PATH, await admin()))).toContain("nothing of this goes out");
  });

  it("shows the exact dates of an example, and saves nothing by it", async () => {
    const text = await textOf(
      request(
        `${PATH}/draft`,
        await admin(),
        typed({ "side-2": "on", "on-2": "on", "side-3": "after", "days-3": "40", "on-3": "on" }),
      ),
    );
    expect(text).toMatch(/3 days before due ?Fri, Nov 27 ?9:00\sAM, moved from Sat, Nov 28/);
    expect(text).toMatch(/On the due date ?Tue, Dec 1 ?9:00\sAM/);
    expect(text).toContain("Not sent: the link expires before");
    expect(await plans()).toEqual([]);
  });

  it.each([
    [{ sentOn: "someday" }, "Choose a day of sending to see the dates."],
    [{ dueOn: "2026-02-30" }, "Choose a due date to see the dates, or empty the box"],
    [{ dueOn: "2199-01-01" }, "Choose a due date within ten years of the day of sending."],
    [{ dueOn: "" }, "Not sent: the request has no due date"],
    [{ "days-1": "many" }, "One reminder has no number of days yet."],
    [{ sentOn: "2026-11-29" }, "Not sent: the request itself goes out that day or later"],
  ])("says what an example of %o comes to", async (fields: Record<string, string>, words) => {
    expect(await textOf(request(`${PATH}/draft`, await admin(), typed(fields)))).toContain(words);
  });

  it("adds and deletes rows without a script, and keeps what was typed", async () => {
    const added = await request(`${PATH}/draft`, await admin(), typed({ do: "add", "days-1": "12" }));
    const fields = fieldsOf(await added.text(), PATH);
    expect(fields).toMatchObject({ "days-1": "12", "side-1": "before", "days-2": "", "side-2": "after" });
    const full = Object.fromEntries(
      [2, 3, 4, 5, 6].flatMap((n) => [
        [`side-${n}`, "after"],
        [`days-${n}`, String(n)],
      ]),
    );
    const more = fieldsOf(
      await (await request(`${PATH}/draft`, await admin(), typed({ ...full, do: "add" }))).text(),
      PATH,
    );
    expect(more).not.toHaveProperty("side-7");
    const deleted = await request(`${PATH}/draft`, await admin(), typed({ ...full, do: "delete-1" }));
    expect(fieldsOf(await deleted.text(), PATH)).toMatchObject({ "days-1": "2", "side-1": "after" });
  });

  it.each([
    [{ "days-1": "" }, "Enter a whole number of days from 1 to 180"],
    [{ "days-1": "0" }, "Enter a whole number of days from 1 to 180"],
    [{ "days-1": "181" }, "Enter a whole number of days from 1 to 180"],
    [{ "days-1": "-3" }, "Enter a whole number of days from 1 to 180"],
    [{ "days-1": "2.5" }, "Enter a whole number of days from 1 to 180"],
    [{ "days-1": "three" }, "Enter a whole number of days from 1 to 180"],
    [{ "side-1": "whenever" }, "Choose before, on or after the due date"],
    [{ "side-2": "before", "days-2": "3" }, "Reminder 1 goes out on the same day. Change one or delete it"],
    [{ "on-1": "" }, "Switch on at least one reminder, or switch off reminders for new requests"],
    [{ hour: "3" }, "Choose one of the list"],
    [{ hour: "noon" }, "Choose one of the list"],
    [{ shift: "never" }, "Choose one of the list"],
  ])("refuses %o and says what to do", async (fields: Record<string, string>, words) => {
    const before = await plans();
    const answer = await saving(fields);
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html.split(words).length, "in the summary and beside the field").toBeGreaterThanOrEqual(3);
    const kept = fieldsOf(html, PATH);
    if (fields["days-1"] !== undefined) expect(kept["days-1"]).toBe(fields["days-1"]);
    expect(await plans()).toEqual(before);
  });

  it("saves the next version, once for two clicks, and records what changed", async () => {
    const answer = await saving({});
    expect(answer.status).toBe(303);
    expect((await saving({})).status).toBe(303);
    const text = await textOf(request(PATH, await admin()));
    expect(text).toContain("Smart Reminders");
    expect(await plans()).toMatchObject([{ version: 1, is_on: true, hour: 9, shift: "before" }]);
    const events = await read((tx) =>
      tx.selectFrom("audit_event").selectAll().where("action", "=", "reminders.changed").execute(),
    );
    expect(events).toMatchObject([{ actor_name: "Ana Keane", after: { steps: ["3 before"] } }]);
  });

  it("shows what somebody else saved meanwhile, and saves mine the second time", async () => {
    const stale = await saving({ version: "0", "days-1": "5" });
    expect(stale.status).toBe(409);
    const html = await stale.text();
    expect(html).toContain("Somebody else changed this while you were writing");
    const fields = fieldsOf(html, PATH);
    expect(fields).toMatchObject({ version: "1", "days-1": "5" });
    expect((await saving({ version: "1", "days-1": "5" })).status).toBe(303);
    expect(await plans()).toHaveLength(2);
  });

  it("belongs to one firm", async () => {
    const html = await (await request(PATH, stage.stranger)).text();
    expect(fieldsOf(html, PATH)).toMatchObject({ version: "0" });
  });
});

import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it } from "vitest";
import { addDays, dayOf, formatNearDay } from "../../src/base/day.ts";
import { COLUMN_TITLES, DEFAULT_COLUMNS } from "../../src/links/columns-catalog.ts";
import { saveColumns } from "../../src/links/columns-save.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { sendDueOfFirm } from "../../src/reminders/send-due.ts";
import { switchReminders } from "../../src/reminders/switch.ts";
import { useReminderStage } from "./stage.ts";

const { stage, usePlan, sent, get, post, findLink, bring, change } = useReminderStage({
  realClock: true,
});
const TIME_ZONE = "America/Chicago";
const DAY_MS = 86_400_000;
const COLUMNS = ["client", "reference", "next"] as const;
const inDays = (days: number) => addDays(dayOf(stage.cx.now(), TIME_ZONE), days);
const settle = () => sendDueOfFirm(stage.cx, stage.firm.firmId);
let far: LinkRow;
let near: LinkRow;
let none: LinkRow;

beforeAll(async () => {
  await usePlan();
  none = await sent({ remindersOn: false });
  far = await sent({ dueOn: inDays(25) });
  near = await sent({ dueOn: inDays(15) });
  await settle();
  await saveColumns(stage.staff, { columns: [...COLUMNS], viewId: undefined });
});

const rowsOf = async (sort: string) => {
  const document = parse(await (await get(`/sent?sort=${sort}`, stage.staff)).text());
  return document.querySelectorAll("tbody tr").map((row) => ({
    reference: row.querySelector("td[data-label=Reference]")?.text.trim() ?? "",
    next: row.querySelector("td[data-label='Next reminder'] time")?.text ?? "",
    step: row.querySelector("td[data-label='Next reminder'] small")?.text ?? "",
  }));
};
const dayWords = async (link: LinkRow) => {
  const { next_reminder_at: at } = await findLink(link.id);
  return at === null ? "" : formatNearDay(dayOf(at, TIME_ZONE), inDays(0));
};

describe("the column of the next reminder", () => {
  it("is off by default and stands in the configurator", async () => {
    expect(DEFAULT_COLUMNS).not.toContain("next");
    expect(COLUMN_TITLES.next).toBe("Next reminder");
    const document = parse(await (await get("/sent", stage.staff)).text());
    expect(document.querySelector(".column-configurator input[value=next]")).not.toBeNull();
  });

  it("shows the day in the firm's zone and the number of the plan's step, empty last in either order", async () => {
    const [nearRow, farRow] = [
      { reference: near.reference, next: await dayWords(near), step: "Reminder 1" },
      { reference: far.reference, next: await dayWords(far), step: "Reminder 1" },
    ];
    const empty = { reference: none.reference, next: "", step: "" };
    expect(await rowsOf("next")).toEqual([nearRow, farRow, empty]);
    expect(await rowsOf("-next")).toEqual([farRow, nearRow, empty]);
  });

  it("is part of the exports, the day as a day", async () => {
    const csv = await (await get("/sent/export.csv?all=1&sort=next", stage.staff)).text();
    const [head, first] = csv.replace("\ufeff", "").split("\r\n");
    expect(head).toBe('"Client","Matter","Reference","Next reminder","Reminder of the plan"');
    const at = (await findLink(near.id)).next_reminder_at;
    expect(first).toContain(`${at === null ? "" : dayOf(at, TIME_ZONE)}`);
    expect(first).toContain("Reminder 1");
  });

  it("goes on to the next step once one went out", async () => {
    const due = (await findLink(near.id)).next_reminder_at?.getTime() ?? 0;
    const now = stage.cx.now;
    stage.cx.now = () => new Date(due + 60_000);
    await settle();
    stage.cx.now = now;
    expect(await findLink(near.id)).toMatchObject({ next_reminder_position: 2 });
    const row = (await rowsOf("next")).find((each) => each.reference === near.reference);
    expect(row).toEqual({ reference: near.reference, next: await dayWords(near), step: "Reminder 2" });
  });

  it("is empty when reminders are off, when the link's time is up and when it is closed", async () => {
    const nextOf = async (link: LinkRow) =>
      (await rowsOf("next")).find((each) => each.reference === link.reference)?.next;
    await switchReminders(stage.staff, { linkId: far.id, isOn: false });
    expect(await nextOf(far)).toBe("");
    expect(await findLink(far.id)).toMatchObject({ next_reminder_at: null, next_reminder_position: null });
    await switchReminders(stage.staff, { linkId: far.id, isOn: true });
    await settle();
    expect(await nextOf(far)).not.toBe("");
    await change(near.id, { expires_at: new Date(Date.now() - DAY_MS) });
    expect(await nextOf(near)).toBe("");
    await bring(far.id, "cancelled");
    expect(await nextOf(far)).toBe("");
    expect(await findLink(far.id)).toMatchObject({ next_reminder_at: null, next_reminder_position: null });
  });

  it("is each member's own choice", async () => {
    await post("/sent/columns", { do: "reset" }, stage.staff);
    expect(await (await get("/sent", stage.staff)).text()).not.toContain('data-label="Next reminder"');
  });
});

import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { planWords } from "../../src/links/compose-reminder-view.tsx";
import { makeSuccessor } from "../../src/links/successor.ts";
import { fieldsOf } from "./form.ts";
import { dayAhead, useQuickStage } from "./quick-stage.ts";

const { stage, read, get, post, issueQuick, issued, findLink } = useQuickStage();

const savePlan = (version: number, is_on: boolean) =>
  read(async (tx) => {
    const firm_id = stage.firm.firmId;
    await tx
      .insertInto("reminder_plan")
      .values({ firm_id, version, is_on, hour: 10, shift: "after", skips_holidays: false })
      .execute();
    const steps = [
      { position: 1, side: "before", days: 3, is_on: true },
      { position: 2, side: "on", days: 0, is_on: true },
      { position: 3, side: "after", days: 7, is_on: true },
      { position: 4, side: "after", days: 30, is_on: false },
    ] as const;
    await tx
      .insertInto("reminder_step")
      .values(steps.map((step) => ({ firm_id, version, ...step })))
      .execute();
  });

/** What a member sends who fills in the form of Quick Link. */
async function fill(change: Record<string, string | undefined> = {}): Promise<Record<string, string>> {
  const fields = fieldsOf(await (await get("/quick", stage.staff)).text(), "/quick");
  const typed = {
    ...fields,
    accountId: stage.firm.operatingAccountId,
    amount: "1,250.00",
    description: "Advice on the lease",
    payerName: "Elena Vasquez",
    payerEmails: "elena@vasquezmail.example",
    ...change,
  };
  return Object.fromEntries(
    Object.entries(typed).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

const linkBehind = async (answer: Response) =>
  await findLink((answer.headers.get("location") ?? "").split("/").at(-1) ?? "");

describe("before the firm sends reminders", () => {
  it("offers nothing, and the link would follow a plan that is made later", async () => {
    const page = parse(await (await get("/quick", stage.staff)).text());
    expect(page.querySelector("input[name=reminders]")).toBeNull();
    expect((await issueQuick()).reminders_on).toBe(true);
  });
});

describe("while the firm sends reminders", () => {
  beforeAll(() => savePlan(1, true));

  it("offers them ticked, with the days of the plan", async () => {
    const page = parse(await (await get("/quick", stage.staff)).text());
    const box = page.querySelector("input[name=reminders]");
    expect(box?.hasAttribute("checked")).toBe(true);
    expect(box?.closest("label")?.text).toContain("3 days before, on the due date, 7 days after");
    expect(page.querySelector("details summary")?.text).toContain("Reminders on.");
  });

  it("sends them for a ticked box and none for one that is not", async () => {
    const on = await linkBehind(await post("/quick", await fill(), stage.staff));
    expect(on).toMatchObject({ reminders_on: true, reminder_plan_version: 1 });
    const off = await linkBehind(await post("/quick", await fill({ reminders: undefined }), stage.staff));
    expect(off).toMatchObject({ reminders_on: false, next_reminder_at: null });
  });

  it("keeps the choice when something else must be corrected", async () => {
    const refused = await post("/quick", await fill({ reminders: undefined, amount: "much" }), stage.staff);
    expect(refused.status).toBe(422);
    const page = parse(await refused.text());
    expect(page.querySelector("input[name=reminders]")?.hasAttribute("checked")).toBe(false);
    expect(page.querySelector("details")?.hasAttribute("open")).toBe(true);
  });

  it("lets a request from matters go without them, and so does the link for its rest", async () => {
    const { link } = await issued([{ balanceMinor: 125_000n }], { remindersOn: false });
    expect(link.reminders_on).toBe(false);
    await read((tx) =>
      tx
        .updateTable("payment_link")
        .set({ state: "expired", closed_at: new Date() })
        .where("id", "=", link.id)
        .execute(),
    );
    const next = await makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" });
    expect(next.reminders_on).toBe(false);
  });

  it("offers nothing any more once the plan is off", async () => {
    await savePlan(2, false);
    const page = parse(await (await get("/quick", stage.staff)).text());
    expect(page.querySelector("input[name=reminders]")).toBeNull();
  });
});

describe("the last day to pay", () => {
  it("is not before the due date, and says so beside its field", async () => {
    await expect(issueQuick({ dueOn: dayAhead(20), expiresOn: dayAhead(10) })).rejects.toMatchObject({
      code: "invalid",
      fields: { expiresOn: "Choose a last day on or after the due date" },
    });
    const same = await issueQuick({ formId: newId(), dueOn: dayAhead(10), expiresOn: dayAhead(10) });
    expect(same.due_on).toBe(dayAhead(10));
  });

  it("lies behind a due date that is later than the firm's lifetime of links", async () => {
    const link = await issueQuick({ dueOn: dayAhead(100) });
    expect(link.expires_at.getTime()).toBeGreaterThan(Date.parse(dayAhead(100)));
  });
});

it("says one day without an s, and begins with a capital", () => {
  expect(
    planWords([
      { side: "on", days: 0 },
      { side: "after", days: 1 },
    ]),
  ).toBe("On the due date, 1 day after");
});

import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it } from "vitest";
import { addDays, dayOf } from "../../src/base/day.ts";
import { sendDueOfFirm } from "../../src/reminders/send-due.ts";
import { fieldsOf } from "../links/form.ts";
import { useReminderStage } from "./stage.ts";

const { stage, clock, usePlan, sent, request, letters, findLink, change } = useReminderStage({
  realClock: true,
});
const inDays = (days: number) => addDays(dayOf(stage.cx.now(), "America/Chicago"), days);
const textOf = async (answer: Response | Promise<Response>) =>
  parse(await (await answer).text()).text.replace(/\s+/g, " ");
const pageOf = (linkId: string) => `/sent/${linkId}/reminders`;

beforeAll(async () => {
  await usePlan();
});

describe("the reminders of a link", () => {
  it("are shown with their dates before any job has run", async () => {
    const link = await sent({ dueOn: inDays(14) });
    const text = await textOf(request(pageOf(link.id), stage.staff));
    expect(text).toContain(`Reminders of ${link.reference}`);
    expect(text).toContain("3 days before due");
    expect(text).toContain("On the due date");
    expect(text).toContain("Next: ");
    expect(text).toContain("Link expires");
  });

  it("are shown as sent, with who sent one by hand, and by which words others stop", async () => {
    const link = await sent({ dueOn: inDays(14) });
    const html = await (await request(pageOf(link.id), stage.staff)).text();
    const answer = await request(
      `/sent/${link.id}/remind`,
      stage.staff,
      fieldsOf(html, `/sent/${link.id}/remind`) as Record<string, string>,
    );
    expect(answer.headers.get("Location")).toBe(pageOf(link.id));
    expect(await letters(link.id)).toHaveLength(1);
    const text = await textOf(request(pageOf(link.id), stage.staff));
    expect(text).toContain("Sent by Dana Whitfield");
    expect(text).not.toContain("Remind now");
    await change(link.id, { delivery: "bounced" });
    expect(await textOf(request(pageOf(link.id), stage.staff))).toContain("Correct the address");
    await change(link.id, { state: "cancelled" });
    const closed = await textOf(request(pageOf(link.id), stage.staff));
    expect(closed).toContain("The link is cancelled, so reminders have stopped.");
    expect(closed).not.toContain("Turn reminders");
  });

  it("can be switched off and on by a form", async () => {
    const link = await sent({ dueOn: inDays(14) });
    const off = fieldsOf(await (await request(pageOf(link.id), stage.staff)).text(), pageOf(link.id));
    expect(off).toEqual({ on: "no" });
    await request(pageOf(link.id), stage.staff, { on: "no" });
    expect((await findLink(link.id)).reminders_on).toBe(false);
    const text = await textOf(request(pageOf(link.id), stage.staff));
    expect(text).toContain("Reminders are switched off for this link.");
    expect(text).toContain("Remind now");
    await request(pageOf(link.id), stage.staff, { on: "yes" });
    expect((await findLink(link.id)).reminders_on).toBe(true);
  });

  it("say in words why one is not sent by hand", async () => {
    const link = await sent({ dueOn: inDays(14) });
    await change(link.id, { state: "cancelled" });
    const answer = await request(`/sent/${link.id}/remind`, stage.staff, {});
    expect(answer.status).toBe(303);
    expect(decodeURIComponent(answer.headers.get("Set-Cookie") ?? "")).toContain("no reminder was sent");
  });

  it("say why a step was passed over", async () => {
    const link = await sent({ dueOn: inDays(14) });
    await request(pageOf(link.id), stage.staff, { on: "no" });
    clock.aheadMs = 16 * 86_400_000;
    await sendDueOfFirm(stage.cx, stage.firm.firmId);
    clock.aheadMs = 0;
    expect(await textOf(request(pageOf(link.id), stage.staff))).toContain("Not sent:");
  });

  it("are of the firm's own links only", async () => {
    const link = await sent({ dueOn: inDays(14) });
    expect((await request(pageOf(link.id), stage.stranger)).status).toBe(404);
    expect((await request(pageOf(link.id), stage.stranger, { on: "no" })).status).toBe(404);
    expect((await request(`/sent/${link.id}/remind`, stage.stranger, {})).status).toBe(404);
    expect((await findLink(link.id)).reminders_on).toBe(true);
  });

  it("tell a firm without a plan where to make one", async () => {
    await usePlan({ isOn: false });
    const link = await sent({ dueOn: inDays(14) });
    const text = await textOf(request(pageOf(link.id), stage.staff));
    expect(text).toContain("An administrator can switch them on in Settings");
    expect(text).toContain("Remind now");
    await usePlan();
    expect(await textOf(request(pageOf(link.id), stage.staff))).toContain("Turn reminders on");
  });
});

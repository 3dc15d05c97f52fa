import { beforeEach, describe, expect, it } from "vitest";
import { dayOf } from "../../src/base/day.ts";
import { newId } from "../../src/base/id.ts";
import { readChoice } from "../../src/links/many-choice.ts";
import { actOnMany } from "../../src/links/many-run.ts";
import { startMany } from "../../src/links/many-start.ts";
import { makeFirm, makeMember } from "../support/world.ts";
import { plantLink, plantMany } from "./sent-stage.ts";
import { problemOf, useLinkStage } from "./stage.ts";

const { box, stage, get, findLink, auditOf, jobs, forgetJobs, read } = useLinkStage();

const DAY_MS = 86_400_000;
const plant = (wish: Parameters<typeof plantLink>[2] = {}) => plantLink(stage.staff, stage.firm, wish);
const choiceOf = (parts: [string, string][]) => readChoice(new URLSearchParams(parts));
const ticked = (...ids: string[]) => choiceOf(ids.map((id) => ["link", id]));
const start = (
  change: Partial<Parameters<typeof startMany>[1]> & Pick<Parameters<typeof startMany>[1], "choice">,
) =>
  startMany(stage.staff, {
    formId: newId(),
    verb: "cancel",
    seen: 1_000_000,
    asOf: new Date(Date.now() + 1_000),
    chosenWords: "some",
    ...change,
  });
const itemsOf = (actionId: string) =>
  read((tx) =>
    tx
      .selectFrom("link_action_item")
      .select(["link_id as linkId", "state", "reason"])
      .where("action_id", "=", actionId)
      .orderBy("position")
      .execute(),
  );

beforeEach(forgetJobs);

describe("one action on many links", () => {
  it("cancels those that can be cancelled, says why for each of the others, and records every step", async () => {
    const open = await plant();
    const paid = await plant({ state: "payment_received" });
    const over = await plant({ expiresAt: "2026-01-01T00:00:00Z" });
    const id = await start({ choice: ticked(open, paid, over) });
    expect(await itemsOf(id)).toEqual([
      { linkId: open, state: "done", reason: null },
      { linkId: paid, state: "refused", reason: "Paid already" },
      { linkId: over, state: "refused", reason: "Expired; make a new link" },
    ]);
    expect((await findLink(open)).state).toBe("cancelled");
    expect((await findLink(paid)).state).toBe("payment_received");
    expect((await findLink(over)).state).toBe("outstanding");
    expect((await auditOf(open)).map((event) => event.action)).toEqual(["link.cancelled"]);
    expect((await jobs("pay.expireCheckouts")).map((job) => job.payload.linkId)).toEqual([open]);
  });

  it("extends to one day, or by days from each link's own end, and never shortens", async () => {
    const near = await plant({ expiresAt: new Date(Date.now() + 2 * DAY_MS).toISOString() });
    const far = await plant({ expiresAt: new Date(Date.now() + 200 * DAY_MS).toISOString() });
    const until = new Date(Date.now() + 90 * DAY_MS).toISOString().slice(0, 10);
    const id = await start({ verb: "extend", how: "until", expiresOn: until, choice: ticked(near, far) });
    const [first, second] = await itemsOf(id);
    expect(first?.state).toBe("done");
    expect(second?.reason).toMatch(/^It runs until .* already$/);
    const before = await findLink(near);
    await start({ verb: "extend", how: "days", extendDays: "10", choice: ticked(near, far) });
    const moved = (await findLink(near)).expires_at.getTime() - before.expires_at.getTime();
    expect(Math.round(moved / DAY_MS)).toBe(10);
    const tooFar = await start({ verb: "extend", how: "days", extendDays: "300", choice: ticked(far) });
    expect((await itemsOf(tooFar))[0]?.reason).toBe("It would then run for more than a year from today");
  });

  it("asks for a reminder of each link that can have one, by a job", async () => {
    const open = await plant();
    const silent = await plant({ email: null, delivery: "not_emailed" });
    const bounced = await plant({ delivery: "bounced" });
    const reminded = await plant();
    await read((tx) =>
      tx
        .insertInto("reminder")
        .values({
          firm_id: stage.firm.firmId,
          id: newId(),
          link_id: reminded,
          occurrence: newId(),
          state: "sent",
          day: dayOf(stage.cx.now(), "America/Chicago"),
          settled_at: stage.cx.now(),
        })
        .execute(),
    );
    const id = await start({ verb: "remind", choice: ticked(open, silent, bounced, reminded) });
    expect((await itemsOf(id)).map((item) => item.reason)).toEqual([
      null,
      "No email address",
      "The email bounced; correct the address first",
      "Reminded today already",
    ]);
    expect((await jobs("reminders.remindNow")).map((job) => job.payload)).toEqual([
      {
        firmId: stage.firm.firmId,
        linkId: open,
        besideIds: [],
        by: stage.staff.actor.id,
        occurrence: `many:${id}`,
      },
    ]);
  });

  it("sends requests again, each open link with an address once, and says why the others stay", async () => {
    const open = await plant({});
    const [silent, bounced, paid] = [
      await plant({ email: null, delivery: "not_emailed" }),
      await plant({ delivery: "bounced" }),
      await plant({ state: "payment_received" }),
    ];
    const before = (await findLink(open)).send_count;
    const id = await start({ verb: "resend", choice: ticked(open, silent, bounced, paid) });
    expect((await itemsOf(id)).map((item) => item.reason)).toEqual([
      null,
      "No email address",
      "The email bounced; correct the address first",
      "Paid already",
    ]);
    const after = await findLink(open);
    expect(after).toMatchObject({ send_count: before + 1, delivery: "queued" });
    await actOnMany(stage.cx, { firmId: stage.firm.firmId, actionId: id }, undefined);
    expect((await findLink(open)).send_count).toBe(before + 1);
    const sent = (await jobs("delivery.request")).filter((job) => job.payload.requestId === after.request_id);
    expect(sent).toHaveLength(1);
    expect(await auditOf(open)).toMatchObject([{ action: "link.resent" }]);
  });

  it("is one action when its form comes twice, and when its job runs again", async () => {
    const link = await plant({ expiresAt: new Date(Date.now() + 2 * DAY_MS).toISOString() });
    const formId = newId();
    const wish = { formId, verb: "extend", how: "days", extendDays: "5", choice: ticked(link) } as const;
    await start(wish);
    const after = (await findLink(link)).expires_at;
    await start(wish);
    await actOnMany(stage.cx, { firmId: stage.firm.firmId, actionId: formId }, undefined);
    await actOnMany(stage.cx, { firmId: stage.firm.firmId, actionId: formId }, undefined);
    expect((await findLink(link)).expires_at).toEqual(after);
    expect(await auditOf(link)).toHaveLength(1);
  });

  it("leaves many to its job, which goes on where it was and acts on each link once", async () => {
    const ids = await Promise.all(Array.from({ length: 201 }, () => plant({ client: "Crowd" })));
    const id = await start({ choice: ticked(...ids) });
    expect((await itemsOf(id)).every((item) => item.state === "waiting")).toBe(true);
    expect(await jobs("links.actOnMany")).toHaveLength(1);
    const stop = new AbortController();
    stop.abort();
    await actOnMany(stage.cx, { firmId: stage.firm.firmId, actionId: id }, stop.signal);
    expect(await jobs("links.actOnMany")).toHaveLength(2);
    const job = { firmId: stage.firm.firmId, actionId: id };
    await Promise.allSettled([actOnMany(stage.cx, job, undefined), actOnMany(stage.cx, job, undefined)]);
    await actOnMany(stage.cx, job, undefined);
    expect((await itemsOf(id)).every((item) => item.state === "done")).toBe(true);
    for (const link of ids.slice(0, 20)) expect(await auditOf(link)).toHaveLength(1);
    const html = await (await get(`/sent/many/${id}`, stage.staff)).text();
    expect(html).toContain("Done: 201 of 201");
    expect(html).toContain("201 links cancelled");
  });

  it("takes everything that matches as it stood when the member looked", async () => {
    const early = await plant({ client: "Snapshot" });
    const late = await plant({ client: "Snapshot", createdAt: new Date(Date.now() + 60_000).toISOString() });
    const choice = choiceOf([
      ["q", "snapshot"],
      ["all", "1"],
    ]);
    const id = await start({ choice, asOf: new Date(), seen: 1 });
    expect((await itemsOf(id)).map((item) => item.linkId)).toEqual([early]);
    expect((await findLink(late)).state).toBe("outstanding");
  });

  it("does nothing when more match by then than the member was shown", async () => {
    const link = await plant({ client: "Grown" });
    const choice = choiceOf([
      ["q", "grown"],
      ["all", "1"],
    ]);
    const problem = await problemOf(start({ choice, seen: 0 }));
    expect(problem.code).toBe("conflict");
    expect(problem.message).toContain(
      "0 links were in the list when you looked, now it is 1. Nothing was done.",
    );
    expect((await findLink(link)).state).toBe("outstanding");
  });

  it("takes at most ten thousand", async () => {
    const firm = await makeFirm(stage.cx);
    const member = await makeMember(stage.cx, firm.firmId, "admin");
    await plantMany(box, member, firm, 10_001);
    const choice = choiceOf([["all", "1"]]);
    const wish = {
      formId: newId(),
      verb: "cancel",
      seen: 20_000,
      asOf: new Date(),
      chosenWords: "all",
      choice,
    } as const;
    const problem = await problemOf(startMany(member, wish));
    expect(problem.message).toContain("more than 10,000 links");
    const html = await (await get("/sent/many?verb=cancel&all=1", member)).text();
    expect(html).toContain("These are more than 10,000 links.");
    expect(html).not.toContain('method="post" action="/sent/many"');
    const copied = await get("/sent/copy?all=1", member);
    expect(copied.status).toBe(409);
  });

  it("never reaches another firm's links", async () => {
    const link = await plant();
    const problem = await problemOf(
      startMany(stage.stranger, {
        formId: newId(),
        verb: "cancel",
        seen: 1,
        asOf: new Date(),
        chosenWords: "one",
        choice: ticked(link),
      }),
    );
    expect(problem.code).toBe("conflict");
    expect((await findLink(link)).state).toBe("outstanding");
    const id = await start({ choice: ticked(link) });
    expect((await get(`/sent/many/${id}`, stage.stranger)).status).toBe(404);
    expect(await (await get(`/sent/copy?link=${link}`, stage.stranger)).text()).not.toContain("/p/");
  });
});

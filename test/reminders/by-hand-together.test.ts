import { parse } from "node-html-parser";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { readChoice } from "../../src/links/many-choice.ts";
import { actOnMany } from "../../src/links/many-run.ts";
import { startMany } from "../../src/links/many-start.ts";
import { remindNowAs } from "../../src/reminders/remind-now.ts";
import { switchReminders } from "../../src/reminders/switch.ts";
import { fieldsOf } from "../links/form.ts";
import { useReminderStage } from "./stage.ts";

const desk = useReminderStage({ realClock: true });
const { stage, read, outcomes, bring, usePlan, jobs, forgetJobs, request } = desk;

beforeAll(async () => {
  await usePlan();
});

/** A request for both kinds of money: one email, two links. */
async function asked() {
  const { links } = await desk.issued([
    { balanceMinor: 125_000n },
    { balanceMinor: 400_000n, kind: "trust_request" },
  ]);
  const operating = links.find((link) => link.account_kind === "operating");
  const trust = links.find((link) => link.account_kind === "trust");
  if (!operating || !trust) throw new Error("two links were expected");
  return { operating, trust, requestId: operating.request_id };
}

type Two = Awaited<ReturnType<typeof asked>>;

const lettersOf = ({ operating, trust, requestId }: Two) =>
  read((tx) =>
    tx
      .selectFrom("email")
      .select(["link_id", "request_id", "topic"])
      .where("kind", "=", "reminder")
      .where((of) => of.or([of("request_id", "=", requestId), of("link_id", "in", [operating.id, trust.id])]))
      .execute(),
  );
const pageOf = (linkId: string) => `/sent/${linkId}/reminders`;
const show = async (linkId: string) =>
  parse(await (await request(pageOf(linkId), stage.staff)).text()).text.replace(/\s+/g, " ");

/** Presses "Remind now" on a link's page and reads what the page says then. */
async function press(linkId: string): Promise<string> {
  const html = await (await request(pageOf(linkId), stage.staff)).text();
  const path = `/sent/${linkId}/remind`;
  const answer = await request(path, stage.staff, fieldsOf(html, path) as Record<string, string>);
  return decodeURIComponent(decodeURIComponent(answer.headers.get("Set-Cookie") ?? ""));
}

/** Chooses links in Sent Pages and asks for their reminders; gives the jobs that were asked for. */
async function remindMany(...ids: string[]) {
  await forgetJobs();
  const actionId = await startMany(stage.staff, {
    formId: newId(),
    verb: "remind",
    seen: ids.length,
    asOf: new Date(Date.now() + 1_000),
    chosenWords: "some",
    choice: readChoice(new URLSearchParams(ids.map((id) => ["link", id]))),
  });
  const payloads = (await jobs("reminders.remindNow")).map((job) => job.payload);
  return { actionId, payloads: payloads as Parameters<typeof remindNowAs>[1][] };
}

describe("a reminder by hand from the page of one of two links", () => {
  it("is announced with the other link, and is one email that names both", async () => {
    const two = await asked();
    const text = await show(two.operating.id);
    expect(text).toContain("“Remind now” names both links of this request in one email.");
    expect(text).toContain(`${two.trust.reference} asks for $4,000.00 into the trust account.`);
    const said = await press(two.operating.id);
    expect(said).toContain(`The reminder is on its way. It names ${two.trust.reference}, too.`);
    expect(await lettersOf(two)).toMatchObject([{ link_id: null, request_id: two.requestId }]);
    for (const link of [two.operating, two.trust]) expect(await outcomes(link.id)).toEqual(["hand sent"]);
    expect(await show(two.trust.id)).not.toContain("names both links");
    await request(`/sent/${two.trust.id}/remind`, stage.staff, { occurrence: newId() });
    expect(await lettersOf(two)).toHaveLength(1);
  });

  it("leaves out the other link whose reminders are off, or which is paid", async () => {
    const off = await asked();
    await switchReminders(stage.staff, { linkId: off.trust.id, isOn: false });
    expect(await show(off.operating.id)).not.toContain("names both links");
    await press(off.operating.id);
    expect(await lettersOf(off)).toMatchObject([{ link_id: off.operating.id, request_id: null }]);
    const paid = await asked();
    await bring(paid.operating.id, "payment_received");
    await press(paid.trust.id);
    expect(await lettersOf(paid)).toMatchObject([{ link_id: paid.trust.id }]);
  });

  it("says nothing of the kind to whom it is no use", async () => {
    const { link } = await desk.issued();
    expect(await show(link.id)).not.toContain("names both links");
  });
});

describe("a reminder by hand of links that were chosen in Sent Pages", () => {
  it("is one email for both links of one request, whichever way it is run, and twice is once", async () => {
    const two = await asked();
    const { actionId, payloads } = await remindMany(two.trust.id, two.operating.id);
    expect(payloads).toHaveLength(1);
    for (const payload of [...payloads, ...payloads]) await remindNowAs(stage.cx, payload);
    await actOnMany(stage.cx, { firmId: stage.firm.firmId, actionId }, undefined);
    expect(await lettersOf(two)).toMatchObject([{ link_id: null, request_id: two.requestId }]);
    const items = await read((tx) =>
      tx.selectFrom("link_action_item").select("state").where("action_id", "=", actionId).execute(),
    );
    expect(items).toEqual([{ state: "done" }, { state: "done" }]);
  });

  it("is of the chosen link alone when the other was not chosen, and of one whose reminders are off when it was", async () => {
    const one = await asked();
    for (const payload of (await remindMany(one.trust.id)).payloads) await remindNowAs(stage.cx, payload);
    expect(await lettersOf(one)).toMatchObject([{ link_id: one.trust.id }]);
    const off = await asked();
    await switchReminders(stage.staff, { linkId: off.trust.id, isOn: false });
    for (const payload of (await remindMany(off.operating.id, off.trust.id)).payloads)
      await remindNowAs(stage.cx, payload);
    expect(await lettersOf(off)).toMatchObject([{ request_id: off.requestId }]);
  });

  it("goes out for the other link when one of them is paid before the job runs", async () => {
    for (const which of ["operating", "trust"] as const) {
      const two = await asked();
      const { payloads } = await remindMany(two.operating.id, two.trust.id);
      await bring(two[which].id, "payment_received");
      for (const payload of payloads) await remindNowAs(stage.cx, payload);
      const other = which === "operating" ? two.trust : two.operating;
      expect(await lettersOf(two)).toMatchObject([{ link_id: other.id }]);
    }
  });

  it("notes for each link of a request by itself why it is not reminded of", async () => {
    const two = await asked();
    await press(two.operating.id);
    const { actionId, payloads } = await remindMany(two.operating.id, two.trust.id);
    expect(payloads).toEqual([]);
    const items = await read((tx) =>
      tx.selectFrom("link_action_item").select("reason").where("action_id", "=", actionId).execute(),
    );
    expect(items).toEqual([{ reason: "Reminded today already" }, { reason: "Reminded today already" }]);
  });

  it("is one email, too, when two runs are at it", async () => {
    const two = await asked();
    await forgetJobs();
    const { actionId } = await remindMany(two.operating.id, two.trust.id);
    await read((tx) =>
      tx
        .updateTable("link_action_item")
        .set({ state: "waiting" })
        .where("action_id", "=", actionId)
        .execute(),
    );
    await read((tx) =>
      tx.updateTable("link_action").set({ finished_at: null }).where("id", "=", actionId).execute(),
    );
    await forgetJobs();
    const job = { firmId: stage.firm.firmId, actionId };
    await Promise.allSettled([1, 2, 3].map(() => actOnMany(stage.cx, job, undefined)));
    expect(await jobs("reminders.remindNow")).toHaveLength(1);
  });
});

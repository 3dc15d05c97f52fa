import { afterEach, expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { type LinkRow, lockLink } from "../../src/links/queries.ts";
import { paymentJobs } from "../../src/payments/jobs.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { card } from "../sandbox/processor/stand.ts";
import { countingStatements } from "../support/counting.ts";
import { isSomebodyWaiting } from "../support/database.ts";
import { until } from "../support/until.ts";
import { actOneByOne, actOnNew, deliverNew, JOB, tracesOf, WAYS, watching } from "./many-stage.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

const events = () =>
  stage.inFirm(
    "select id, external_id, outcome, handled_at, set_apart_at, payload from inbox_event order by received_at",
  );
const jobsNamed = async (name: string) => (await stage.waiting()).filter((job) => job.name === name);
const pay = () => WAYS.whole(stage);
const intentOf = async (link: LinkRow) => {
  const [session] = await stage.sessions(link.id);
  return String(session?.payment_intent);
};

/** Each test begins without events and jobs of the one before. */
afterEach(() => stage.drain());

test("more than fifty events at once leave what they leave when each is acted upon alone", async () => {
  const alone: Record<string, LinkRow> = {};
  for (const [name, way] of Object.entries(WAYS)) alone[name] = await way(stage);
  await deliverNew(stage);
  await actOneByOne(stage);

  const many: { name: string; link: LinkRow }[] = [];
  for (let round = 0; round < 6; round++)
    for (const [name, way] of Object.entries(WAYS)) many.push({ name, link: await way(stage) });
  expect(await deliverNew(stage)).toBeGreaterThan(50);
  const database = countingStatements(stage.stage.cx.database);
  const { cx, asked } = watching(stage);
  await actOnNew(stage, { ...cx, database });
  // Two batches: what each needs is far below what thirty links alone would.
  expect(database.count()).toBeLessThan(100);
  expect(new Set(asked).size).toBe(many.length);
  for (const { external_id, handled_at, set_apart_at } of await events())
    expect({ external_id, handled_at, set_apart_at }).toEqual({
      external_id,
      handled_at: expect.any(Date),
      set_apart_at: null,
    });
  const wanted: Record<string, unknown> = {};
  for (const [name, link] of Object.entries(alone)) wanted[name] = await tracesOf(stage, link);
  for (const { name, link } of many) expect(await tracesOf(stage, link), name).toEqual(wanted[name]);
  expect(wanted).toMatchObject({
    whole: { link: { state: "payment_received" }, payments: [{ state: "succeeded", is_surplus: false }] },
    part: { link: { state: "part_paid" }, payments: [{ amount_minor: 60_000n }] },
    typed: { emails: [{ kind: "receipt", to_address: "adaeze@okafor.example" }] },
    debit: { link: { state: "processing" }, payments: [{ state: "processing" }] },
    declined: { link: { state: "outstanding", tried_reason: "Your card was declined." }, payments: [] },
  });
}, 120_000);

test("done twice, also when nothing was marked, it ends the same", async () => {
  const link = await pay();
  await deliverNew(stage);
  await actOnNew(stage);
  const once = await tracesOf(stage, link);
  await actOnNew(stage);
  await stage.inFirm(
    "update inbox_event set handled_at = null, outcome = null where payload ->> 'paymentIntentId' = $1",
    [await intentOf(link)],
  );
  await actOnNew(stage);
  expect(await tracesOf(stage, link)).toEqual(once);
  expect(new Set((await events()).slice(-2).map(({ outcome }) => outcome))).toEqual(new Set(["unchanged"]));
});

test("several events of one payment are read once and have one outcome", async () => {
  const link = await pay();
  const intent = await intentOf(link);
  const stripeAccount = stage.stage.firm.processorAccounts.operating;
  await stage.stripe().refunds.create({ payment_intent: intent, amount: 5_000 }, { stripeAccount });
  expect(await deliverNew(stage)).toBeGreaterThanOrEqual(3);
  const { cx, asked } = watching(stage);
  await actOnNew(stage, cx);
  expect(asked).toEqual([intent]);
  const outcomes = (await events()).filter(({ payload }) => JSON.stringify(payload).includes(intent));
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["recorded"]));
  expect(await stage.payments(link.id)).toMatchObject([{ state: "succeeded", refunded_minor: 5_000n }]);
  expect(await stage.checkouts(link.id)).toMatchObject([{ state: "completed" }]);
});

test("of two payments of one link in one batch the second is too much, and each is there once", async () => {
  const link = await stage.makeLink();
  const first = await stage.begin(link);
  await stage.inFirm("update checkout set state = 'expired' where link_id = $1", [link.id]);
  await stage.submit(first, card());
  await stage.submit(await stage.begin(link), card());
  const other = await pay();
  await deliverNew(stage);
  await actOnNew(stage);
  const payments = await stage.payments(link.id);
  expect(payments.map(({ is_surplus }) => is_surplus).sort()).toEqual([false, true]);
  expect(payments.find(({ is_surplus }) => is_surplus)?.allocations).toMatchObject([{ statementId: null }]);
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect(await stage.payments(other.id)).toHaveLength(1);
});

test("an event whose payment cannot be read is set apart with a job of its own, and harms no other", async () => {
  const [bad, ...good] = [await pay(), await pay(), await pay()];
  await deliverNew(stage);
  const intent = await intentOf(bad);
  const { cx } = watching(stage, (id) => {
    if (id === intent) throw new ProcessorError("outage", "the processor is away");
    return {};
  });
  await actOnNew(stage, cx);
  for (const link of good) expect(await stage.payments(link.id)).toHaveLength(1);
  expect(await stage.payments(bad.id)).toEqual([]);
  const apart = (await events()).filter(({ set_apart_at }) => set_apart_at !== null);
  expect(apart.map(({ handled_at }) => handled_at)).toEqual([null, null]);
  const ownJobs = (await jobsNamed("payments.onStripe")).map(({ payload }) => payload.inboxEventId);
  expect(ownJobs.sort()).toEqual(apart.map(({ id }) => id).sort());
  const told = stage.log.lines.filter((line) => line.includes("gets a job of its own"));
  expect(told).toHaveLength(2);
  expect(told[0]).toContain("the processor is away");

  // Nothing is new any more: the events wait for their own jobs, which come to the same end.
  await actOnNew(stage, cx);
  expect(await stage.payments(bad.id)).toEqual([]);
  await stage.drain();
  expect(await stage.payments(bad.id)).toMatchObject([{ state: "succeeded" }]);
  expect((await events()).filter(({ handled_at }) => handled_at === null)).toEqual([]);
});

test("a payment that the database refuses is set apart, and the others of its batch are written", async () => {
  const [bad, ...good] = [await pay(), await pay(), await pay()];
  await deliverNew(stage);
  const intent = await intentOf(bad);
  const { cx } = watching(stage, (id) => (id === intent ? { refundedMinor: 999_999n } : {}));
  await actOnNew(stage, cx);
  for (const link of good) {
    expect(await stage.payments(link.id)).toHaveLength(1);
    expect((await stage.emails(link.id)).map(({ kind }) => kind)).toEqual(["receipt"]);
    expect((await stage.audit(link.id)).filter((action) => action === "payment.received")).toHaveLength(1);
  }
  expect([await stage.payments(bad.id), await stage.emails(bad.id)]).toEqual([[], []]);
  expect(await stage.link(bad.id)).toMatchObject({ state: "outstanding" });
  expect(await jobsNamed("payments.onStripe")).toHaveLength(2);
  await stage.drain();
  expect(await stage.payments(bad.id)).toHaveLength(1);
});

test("what the processor no longer has and what is none of ours are outcomes, not failures", async () => {
  const account = stage.stage.firm.processorAccounts.operating;
  const foreign = await stage
    .stripe()
    .paymentIntents.create(
      { amount: 5_000, currency: "usd", metadata: { checkout_id: "theirs", link_id: "theirs" } },
      { stripeAccount: account },
    );
  const event = (id: string, object: object) => ({
    id,
    object: "event",
    account,
    created: Math.floor(Date.now() / 1000),
    type: "payment_intent.succeeded",
    data: { object },
  });
  await stage.deliver(event("evt_foreign", foreign));
  await stage.deliver(event("evt_missing", { id: "pi_none", object: "payment_intent" }));
  const link = await pay();
  await deliverNew(stage);
  await actOnNew(stage);
  const outcomes = new Map((await events()).map(({ external_id, outcome }) => [external_id, outcome]));
  expect([outcomes.get("evt_foreign"), outcomes.get("evt_missing")]).toEqual(["unrelated", "missing"]);
  expect(await stage.payments(link.id)).toHaveLength(1);
});

test("another firm's events are not touched, and its job does nothing to ours", async () => {
  const link = await pay();
  await deliverNew(stage);
  const { firmId } = stage.stage.other;
  await paymentJobs["payments.onEvents"](stage.stage.cx, { firmId }, JOB);
  expect(await stage.payments(link.id)).toEqual([]);
  expect((await events()).filter(({ handled_at }) => handled_at === null)).toHaveLength(2);
  await actOnNew(stage);
  expect(await stage.payments(link.id)).toHaveLength(1);
});

test("a link that somebody else holds is waited for, and nothing of the batch is lost", async () => {
  const [held, other] = [await pay(), await pay()];
  await deliverNew(stage);
  const { firm, cx } = stage.stage;
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const holder = withFirm(cx.database, firm.firmId, async (tx) => {
    await lockLink(tx, firm.firmId, held.id);
    await released;
  });
  const acting = actOnNew(stage);
  await until("the batch waits for the link", () => isSomebodyWaiting(stage.box));
  expect(await stage.payments(held.id)).toEqual([]);
  letGo();
  await Promise.all([holder, acting]);
  for (const link of [held, other]) expect(await stage.payments(link.id)).toHaveLength(1);
});

test("a runner that must stop hands the rest to a job that follows", async () => {
  const link = await pay();
  await deliverNew(stage);
  await stage.drain();
  await stage.inFirm("update inbox_event set handled_at = null where set_apart_at is null");
  const waiting = async () => await stage.inFirm("select id from inbox_event where handled_at is null");
  const before = await waiting();
  await actOnNew(stage, stage.stage.cx, { ...JOB, signal: AbortSignal.abort() });
  expect(await waiting()).toEqual(before);
  expect((await jobsNamed("payments.onEvents")).map(({ payload }) => payload)).toEqual([
    { firmId: stage.stage.firm.firmId },
  ]);
  await stage.drain();
  expect(await waiting()).toEqual([]);
  expect(await stage.payments(link.id)).toHaveLength(1);
});

test("a job that has worked for long enough hands the rest to one that follows, behind others' work", async () => {
  await stage.inFirm("update inbox_event set handled_at = null where set_apart_at is null");
  let asked = 0;
  const now = () => new Date(Date.now() + (asked++ < 2 ? 0 : 30_000));
  await actOnNew(stage, { ...stage.stage.cx, now });
  expect(await jobsNamed("payments.onEvents")).toHaveLength(1);
  const left = async () => (await events()).filter(({ handled_at }) => handled_at === null).length;
  const apart = (await events()).filter(({ set_apart_at }) => set_apart_at !== null);
  expect(await left()).toBe((await events()).length - apart.length - 50);
  await stage.drain();
  expect(await left()).toBe(0);
});

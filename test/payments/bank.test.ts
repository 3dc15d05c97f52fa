import { expect, test } from "vitest";
import { bank, card } from "../sandbox/processor/stand.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const INSUFFICIENT = "000222222227";
const REFUSED_AT_ONCE = "000000004954";

async function deliverAll(): Promise<void> {
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
}

async function settleDebit(linkId: string): Promise<void> {
  const [checkout] = await stage.checkouts(linkId);
  await stage.control("settle", { session: checkout?.session_id });
}

test("a bank debit is under way first and received when the bank has paid", async () => {
  const link = await stage.makeLink();
  const response = await stage.submit(await stage.begin(link, { method: "bank" }), bank());
  expect(response.status).toBe(303);
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "processing" });
  expect(await stage.payments(link.id)).toMatchObject([
    { state: "processing", received_at: null, method: "bank_debit", method_label: "Bank account ··6789" },
  ]);
  expect(await stage.emails(link.id)).toMatchObject([{ kind: "on_its_way" }]);
  await settleDebit(link.id);
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect(await stage.payments(link.id)).toMatchObject([
    { state: "succeeded", received_at: expect.any(Date), fee_minor: 500n },
  ]);
  expect((await stage.emails(link.id)).map(({ kind }) => kind)).toEqual(["on_its_way", "receipt"]);
});

test("a bank debit that fails gives the link back and tells the payer, and a card can pay it", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link, { method: "bank" }), bank(INSUFFICIENT));
  await deliverAll();
  await settleDebit(link.id);
  await deliverAll();
  const failed = await stage.link(link.id);
  expect(failed.state).toBe("outstanding");
  expect(failed.tried_reason).toContain("insufficient funds");
  expect(await stage.payments(link.id)).toMatchObject([{ state: "failed", is_surplus: false }]);
  expect((await stage.emails(link.id)).map(({ kind }) => kind)).toEqual(["bank_failed", "on_its_way"]);
  await stage.submit(await stage.begin(link), card());
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect((await stage.payments(link.id)).map(({ state }) => state).sort()).toEqual(["failed", "succeeded"]);
});

test("a failed debit that nobody told us was under way is one failed payment", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link, { method: "bank" }), bank(INSUFFICIENT));
  await settleDebit(link.id);
  const events = await stage.events();
  await stage.deliver(events.findLast(({ type }) => type === "payment_intent.payment_failed"));
  await stage.drain();
  expect(await stage.payments(link.id)).toMatchObject([{ state: "failed" }]);
  expect(await stage.link(link.id)).toMatchObject({ state: "outstanding" });
  await deliverAll();
  expect(await stage.payments(link.id)).toHaveLength(1);
  expect((await stage.emails(link.id)).map(({ kind }) => kind)).toEqual(["bank_failed"]);
});

test("a debit that is refused on the page is an attempt, no payment", async () => {
  const link = await stage.makeLink();
  const url = await stage.begin(link, { method: "bank" });
  expect((await stage.submit(url, bank(REFUSED_AT_ONCE))).status).toBe(402);
  await deliverAll();
  expect(await stage.payments(link.id)).toEqual([]);
  expect(await stage.link(link.id)).toMatchObject({
    state: "outstanding",
    tried_reason: "The payment was blocked.",
  });
});

test("while a debit is under way nothing else can be begun", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link, { method: "bank" }), bank());
  await deliverAll();
  const path = stage.pathOf(link);
  const response = await stage.post(path, { how: "full", method: "card", receipt: "" });
  expect(response.status).toBe(303);
  expect(response.headers.get("Location")).toBe(path);
  expect(await stage.checkouts(link.id)).toHaveLength(1);
  expect(await (await stage.app().request(path)).text()).toContain("Your bank payment is clearing");
});

test("a debit of a part is part paid only when the money is there", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  const url = await stage.begin(link, { method: "bank", how: "other", other: "100" });
  await stage.submit(url, bank());
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "processing" });
  await settleDebit(link.id);
  await deliverAll();
  expect(await stage.link(link.id)).toMatchObject({ state: "part_paid" });
});

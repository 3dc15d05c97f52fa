import { expect, test } from "vitest";
import { askFreshLink } from "../../src/pay/ask-fresh.ts";
import { wordsFor } from "../../src/pay/words.ts";
import { useStage } from "../payments/stage.ts";
import { systemContext, waitingJobs } from "../support/world.ts";

const stage = useStage();
const DAY_MS = 86_400_000;
const EXPIRED = { state: "expired", expiresAt: new Date("2026-11-16T12:00:00Z") } as const;
const get = async (path: string) => await (await stage.app().request(path)).text();

test("the payer of an expired link asks for a fresh one, once a day", async () => {
  const link = await stage.makeLink(EXPIRED);
  const path = stage.pathOf(link);
  expect(await get(path)).toContain("It could be used until Monday, November 16, 2026");
  for (let index = 0; index < 2; index++) expect((await stage.post(`${path}/fresh`)).status).toBe(303);
  const page = await get(path);
  expect(page).toContain("was told that you would like a fresh link");
  expect(page).not.toContain("<form");
  expect(await stage.audit(link.id)).toEqual(["link.freshAsked"]);
  stage.clock.aheadMs = DAY_MS;
  expect(await get(path)).toContain("Ask for a fresh link");
  await stage.post(`${path}/fresh`);
  expect(await stage.audit(link.id)).toEqual(["link.freshAsked", "link.freshAsked"]);
});

test("the firm's member hears of the wish by email, once for each time that it is made", async () => {
  const link = await stage.makeLink(EXPIRED);
  const path = `${stage.pathOf(link)}/fresh`;
  await stage.post(path);
  await stage.post(path);
  const told = (await waitingJobs(stage.box)).filter((job) => job.name === "delivery.notify");
  expect(told.map((job) => job.payload).filter((payload) => payload.linkId === link.id)).toMatchObject([
    { event: "fresh_link" },
  ]);
});

test("two who ask at the same moment are one question", async () => {
  const link = await stage.makeLink(EXPIRED);
  await Promise.all([1, 2, 3].map(() => stage.post(`${stage.pathOf(link)}/fresh`)));
  expect(await stage.audit(link.id)).toEqual(["link.freshAsked"]);
});

test("the wish does not overwrite why an earlier try failed", async () => {
  const link = await stage.makeLink(EXPIRED);
  await stage.inFirm("update payment_link set tried_reason = 'Your card was declined.' where id = $1", [
    link.id,
  ]);
  await stage.post(`${stage.pathOf(link)}/fresh`);
  expect(await stage.link(link.id)).toMatchObject({
    tried_reason: "Your card was declined.",
    fresh_asked_at: expect.any(Date),
  });
});

test("where a newer request is open, the old link leads there instead of asking", async () => {
  const link = await stage.makeLink(EXPIRED);
  const next = await stage.makeLink();
  await stage.inFirm("update payment_link set predecessor_id = $1 where id = $2", [link.id, next.id]);
  const page = await get(stage.pathOf(link));
  expect(page).toContain(stage.pathOf(next));
  expect(page).not.toContain("<form");
});

test("where a newer request was paid, the old link says so and asks for nothing", async () => {
  const link = await stage.makeLink(EXPIRED);
  const next = await stage.makeLink({ state: "payment_received" });
  await stage.inFirm("update payment_link set predecessor_id = $1 where id = $2", [link.id, next.id]);
  const page = await get(stage.pathOf(link));
  expect(page).toContain("was paid with a newer link");
  expect(page).not.toContain("<form");
});

test("nobody asks for a link of another firm", async () => {
  const link = await stage.makeLink(EXPIRED);
  const stranger = systemContext(stage.stage.cx, stage.stage.other.firmId);
  await expect(askFreshLink(stranger, link.id, wordsFor("en"))).rejects.toMatchObject({ code: "not_found" });
});

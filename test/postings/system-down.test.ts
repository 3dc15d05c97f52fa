import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { releasePostings } from "../../src/postings/release.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import { tasks } from "../../src/tasks.ts";
import { useDatabase } from "../support/database.ts";
import { drainJobs } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import { type Desk, look, makeDesk, postingsOf, receivePayment, receivePosted, write } from "./desk.ts";
import { sweep } from "./desk-jobs.ts";

const box = useDatabase();
const MINUTE_MS = 60_000;
const THREE = [{ balanceMinor: 40_000n }, { balanceMinor: 30_000n }, { balanceMinor: 20_000n }];

test("while a system is down its postings wait behind the first, and none of them asks it", async () => {
  const desk = await makeDesk(box, THREE);
  const postings = await receivePosted(desk);
  desk.system.writeMishaps = ["outage"];
  for (const posting of postings) await write(desk, posting);
  expect(desk.system.calls.writes).toBe(1);
  const page = await (await openBrowser(desk.cx, desk.bookkeeper)).get("/postings?tab=ready");
  expect(page.text).toContain("Docket cannot be reached. The payment is safe. Next try");
  desk.clock.at += 10_000;
  for (const posting of postings) await write(desk, posting);
  expect(desk.system.ledger.map((entry) => entry.amountMinor)).toEqual([40_000n, 30_000n, 20_000n]);
});

test("asked to wait, all of a connection wait as long as the system says", async () => {
  const desk = await makeDesk(box, THREE);
  const postings = await receivePosted(desk);
  desk.system.writeMishaps = ["rate"];
  for (const posting of postings) await write(desk, posting);
  desk.clock.at += 6_999;
  for (const posting of postings) await write(desk, posting);
  expect(desk.system.calls.writes).toBe(1);
  desk.clock.at += 1;
  for (const posting of postings) await write(desk, posting);
  expect(desk.system.calls.writes).toBe(4);
});

test("an outage of hours ends by itself, in the order in which the payments came", async () => {
  const desk = await makeDesk(box, THREE);
  const postings = await receivePosted(desk);
  const isDown = (now: number, from: number) => now - from < 6 * 60 * MINUTE_MS;
  const from = desk.clock.at;
  for (let minute = 0; minute < 6 * 60 + 15; minute += 1) {
    desk.system.writeMishaps = isDown(desk.clock.at, from) ? ["outage"] : [];
    for (const posting of postings) await write(desk, posting);
    if (minute % 60 === 0) await sweep(desk);
    desk.clock.at += MINUTE_MS;
  }
  expect(desk.system.ledger.map((entry) => entry.amountMinor)).toEqual([40_000n, 30_000n, 20_000n]);
  // Ten minutes lie between two tries at last: an outage of six hours is no reason to ask hundreds of times.
  expect(desk.system.calls.writes).toBeLessThan(60);
}, 120_000);

test("a member who retries does not wait for the pause to end", async () => {
  const desk = await makeDesk(box, THREE);
  const [one, two] = await receivePosted(desk);
  if (!one || !two) throw new Error("two postings are needed");
  desk.system.writeMishaps = ["outage"];
  await write(desk, one);
  await releasePostings(desk.bookkeeper, { postingIds: [two.id] });
  await write(desk, two);
  expect((await look(desk, two)).state).toBe("posted");
});

test("a lost answer makes its neighbors wait a moment only", async () => {
  const desk = await makeDesk(box, THREE);
  const [one, two] = await receivePosted(desk);
  if (!one || !two) throw new Error("two postings are needed");
  desk.system.writeMishaps = ["lost"];
  await write(desk, one);
  await write(desk, two);
  expect(desk.system.calls.writes).toBe(1);
  desk.clock.at += 15_000;
  await write(desk, two);
  expect((await look(desk, two)).state).toBe("posted");
});

test("a system that is down or slow delays no posting of another", async () => {
  const down = await makeDesk(box, THREE);
  const up = await makeDesk(box, THREE);
  down.system.writeMishaps = ["outage"];
  let isFree: () => void = () => undefined;
  const blocked = new Promise<void>((resolve) => {
    isFree = resolve;
  });
  down.system.beforeWrite = () => blocked;
  down.system.writeMishaps = [];
  up.system.beforeWrite = async () => undefined;
  const [, payment] = [await arrive(down), await arrive(up)];
  const cx = { ...up.cx, connectors: splitByFirm(down, up) };
  const drained = drainJobs(box, cx, tasks);
  await expect
    .poll(async () => (await postingsOf(up, payment)).map((posting) => posting.state), { timeout: 10_000 })
    .toEqual(["posted", "posted", "posted"]);
  expect(down.system.ledger).toEqual([]);
  isFree();
  await drained;
  expect(down.system.ledger).toHaveLength(3);
});

async function arrive(desk: Desk): Promise<string> {
  const parts = desk.matter.statements.map((each) => ({
    statementId: each.id,
    amountMinor: each.balanceMinor,
  }));
  const paymentId = await receivePayment(desk, parts);
  const { firmId } = desk.firm;
  await withFirm(desk.cx.database, firmId, (tx) =>
    enqueue(tx, "postings.prepare", { firmId, paymentIds: [paymentId] }),
  );
  return paymentId;
}

/** One connector that stands for two systems: each statement knows its own. */
function splitByFirm(one: Desk, two: Desk): Desk["cx"]["connectors"] {
  const configured = one.cx.connectors.get("docket");
  if (!configured) throw new Error("the desk has a connector");
  const isOf = (desk: Desk, id: string | undefined) =>
    desk.matter.statements.some((statement) => statement.externalId === id);
  const connector = {
    ...configured.connector,
    postPayment: (access: never, request: { statementExternalId: string | undefined }) =>
      (isOf(one, request.statementExternalId) ? one : two).system.connector.postPayment?.(
        access,
        request as never,
      ),
    lookUp: async (access: never, kind: never, reference: never) => [
      ...((await one.system.connector.lookUp?.(access, kind, reference)) ?? []),
      ...((await two.system.connector.lookUp?.(access, kind, reference)) ?? []),
    ],
  };
  return new Map([["docket", { ...configured, connector: connector as never }]]);
}

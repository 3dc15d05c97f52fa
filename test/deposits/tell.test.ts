import { expect, test } from "vitest";
import { asOwner, useDatabase } from "../support/database.ts";
import { waitingJobs } from "../support/world.ts";
import { type BankDesk, compare, differencesOf, inFirm, makeBankDesk, receive } from "./bank-desk.ts";

const box = useDatabase();
const HOUR_MS = 3_600_000;

/** What was started for the firm since it was last asked. */
async function told(desk: BankDesk): Promise<unknown[]> {
  const jobs = (await waitingJobs(box)).filter(
    (job) => job.name === "delivery.notify" && job.payload.firmId === desk.firm.firmId,
  );
  await asOwner(box, "delete from graphile_worker._private_jobs");
  return jobs.map((job) => job.payload.occurrence);
}

const foundAt = (desk: BankDesk, at: number) =>
  inFirm(desk, (tx) =>
    tx
      .updateTable("discrepancy")
      .set({ found_at: new Date(at) })
      .execute(),
  );

test("an alarm about client money is told at the next comparison, always under one name", async () => {
  const desk = await makeBankDesk(box, []);
  await receive(desk, 10_000n, { kind: "trust", feeMinor: 320n });
  await foundAt(desk, desk.clock.at);
  await told(desk);
  await compare(desk);
  const [first, ...more] = await told(desk);
  expect(more).toEqual([]);
  const [alarm] = await differencesOf(desk);
  expect(first).toBe(`alarm:${alarm?.id}:${new Date(desk.clock.at).toISOString()}`);
  await compare(desk);
  expect(await told(desk)).toEqual([first]);
});

test("another difference is told when it lasted for an hour, under the name of its day, and not for ever", async () => {
  const desk = await makeBankDesk(box, []);
  const found = {
    firm_id: desk.firm.firmId,
    kind: "deposit_failed",
    object_id: "po_1",
    facts: "{}",
  } as const;
  await inFirm(desk, (tx) => tx.insertInto("discrepancy").values(found).execute());
  await foundAt(desk, desk.clock.at - HOUR_MS / 2);
  await compare(desk);
  expect(await told(desk)).toEqual([]);
  await foundAt(desk, desk.clock.at - 2 * HOUR_MS);
  await compare(desk);
  expect(await told(desk)).toEqual([expect.stringMatching(/^differences:\d{4}-\d\d-\d\d$/)]);
  await foundAt(desk, desk.clock.at - 72 * HOUR_MS);
  await compare(desk);
  expect(await told(desk)).toEqual([]);
});

test("a firm whose money agrees hears nothing", async () => {
  const desk = await makeBankDesk(box, []);
  await compare(desk);
  expect(await told(desk)).toEqual([]);
});

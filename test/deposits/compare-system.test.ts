import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { listDiscrepancies } from "../../src/deposits/discrepancy-queries.ts";
import { discrepancyWords } from "../../src/deposits/discrepancy-words.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { first, prepare, receivePosted, write } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { type BankDesk, compare, differencesOf, makeBankDesk, openKinds, receive } from "./bank-desk.ts";

const box = useDatabase();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const listOpen = (desk: BankDesk) =>
  withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    listDiscrepancies(tx, desk.firm.firmId, { open: true, limit: 10 }),
  );

test("an entry that is gone, doubled, renumbered or of another amount in the matter system is raised, and closes when it is well", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 40_000n }]);
  desk.bank.trouble = new ProcessorError("outage", "not asked here");
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  desk.clock.at += HOUR_MS;
  const [entry] = desk.system.ledger;
  if (!entry) throw new Error("nothing was written");
  await compare(desk);
  expect(await openKinds(desk)).toEqual([]);
  desk.system.ledger.push({ ...entry, externalId: "ent_9" });
  await compare(desk);
  expect(await openKinds(desk)).toEqual(["posting_double"]);
  desk.system.ledger.splice(0, 1);
  await compare(desk);
  expect(await openKinds(desk)).toEqual(["posting_differs"]);
  Object.assign(desk.system.ledger[0] ?? {}, { externalId: entry.externalId, amountMinor: 39_999n });
  await compare(desk);
  expect((await listOpen(desk)).map((row) => [row.kind, discrepancyWords(row).detail])).toEqual([
    [
      "posting_differs",
      "We wrote $400.00 as ent_1, there it stands with $399.99 as ent_1. Look there who changed it.",
    ],
  ]);
  desk.system.ledger.splice(0);
  // Beyond the days that are compared it is looked at again all the same, because it is open.
  desk.clock.at += 9 * DAY_MS;
  await compare(desk);
  expect(await openKinds(desk)).toEqual(["posting_gone"]);
  desk.system.ledger.push(entry);
  await compare(desk);
  expect(await openKinds(desk)).toEqual([]);
});

test("a payment without postings, and a posting that stands still for a day, are raised", async () => {
  const desk = await makeBankDesk(box, [{ balanceMinor: 40_000n }]);
  desk.bank.trouble = new ProcessorError("outage", "not asked here");
  const bare = await receive(desk, 10_000n, { receivedAt: new Date(desk.clock.at) });
  const posting = first(await receivePosted(desk));
  desk.clock.at += 25 * HOUR_MS;
  await compare(desk);
  expect(await differencesOf(desk)).toMatchObject([
    { kind: "payment_unposted", object_id: bare.id },
    { kind: "posting_stuck", object_id: posting.id },
  ]);
  await prepare(desk, bare.id);
  await write(desk, posting);
  await compare(desk);
  expect(await openKinds(desk)).toEqual([]);
});

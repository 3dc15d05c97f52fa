import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { depositJobs } from "../../src/deposits/jobs.ts";
import { ProcessorError } from "../../src/stripe/port.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm } from "../support/world.ts";
import { linesOf, lookAt, makeBankDesk, movement, putPayout, receive } from "./bank-desk.ts";

const box = useDatabase();

test("the sweep finds payouts that nobody told of, one account's trouble aside", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n);
  const payout = putPayout(desk, [movement("payment", 10_000n, { paymentIntentId: paid.intent })]);
  desk.bank.trouble = new ProcessorError("outage", "down");
  await expect(depositJobs["deposits.sweepFirm"](desk.cx, { firmId: desk.firm.firmId })).rejects.toThrow(
    "down",
  );
  desk.bank.trouble = undefined;
  for (let time = 0; time < 2; time++)
    await depositJobs["deposits.sweepFirm"](desk.cx, { firmId: desk.firm.firmId });
  expect(await lookAt(desk, payout)).toMatchObject({ ties: true });
  expect(await linesOf(desk, await lookAt(desk, payout))).toHaveLength(1);
});

test("a payout that the processor does not know is given up without an error", async () => {
  const desk = await makeBankDesk(box, []);
  await depositJobs["deposits.read"](desk.cx, {
    firmId: desk.firm.firmId,
    merchantAccountId: desk.firm.operatingAccountId,
    payoutId: "po_nowhere",
  });
});

test("an event about a payout is acted upon once; one of another firm's account finds nothing", async () => {
  const desk = await makeBankDesk(box, []);
  const other = await makeFirm(desk.cx, "Hale & Brandt LLP");
  const payout = putPayout(desk, []);
  const event = (firmId: string, account: string) =>
    withFirm(desk.cx.database, firmId, async (tx) => {
      const id = newId();
      await tx
        .insertInto("inbox_event")
        .values({
          firm_id: firmId,
          id,
          source: "stripe",
          external_id: `evt_${id}`,
          type: "payout.paid",
          account,
          payload: JSON.stringify({ payoutId: payout.payoutId }),
        })
        .execute();
      return id;
    });
  const { firmId, processorAccounts } = desk.firm;
  const inboxEventId = await event(firmId, processorAccounts.operating);
  for (let time = 0; time < 2; time++)
    await depositJobs["deposits.onStripe"](desk.cx, { firmId, inboxEventId });
  const foreign = await event(other.firmId, processorAccounts.operating);
  await depositJobs["deposits.onStripe"](desk.cx, { firmId: other.firmId, inboxEventId: foreign });
  const outcomeOf = (firm: string) =>
    withFirm(desk.cx.database, firm, (tx) =>
      tx.selectFrom("inbox_event").select("outcome").where("type", "=", "payout.paid").execute(),
    );
  expect(await outcomeOf(firmId)).toEqual([{ outcome: "recorded" }]);
  expect(await outcomeOf(other.firmId)).toEqual([{ outcome: "unrelated" }]);
  expect(await lookAt(desk, payout)).toMatchObject({ firm_id: firmId });
});

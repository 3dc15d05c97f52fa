import { expect, test } from "vitest";
import { Problem } from "../../src/base/error.ts";
import { closeDiscrepancy } from "../../src/deposits/close.ts";
import { openBrowser } from "../postings/browser.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMember } from "../support/world.ts";
import { differencesOf, inFirm, makeBankDesk, movement, putPayout, readNow, receive } from "./bank-desk.ts";

const box = useDatabase();

test("a fee on a trust payment raises one alarm, which only a bookkeeper closes and the same fee never opens again", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n, { kind: "trust", feeMinor: 320n });
  const payout = putPayout(desk, [
    movement("payment", 10_000n, { feeMinor: 320n, paymentIntentId: paid.intent }),
  ]);
  await readNow(desk, payout, "trust");
  await readNow(desk, payout, "trust");
  const [alarm, ...more] = await differencesOf(desk);
  expect(more).toEqual([]);
  expect(alarm).toMatchObject({ kind: "trust_fee", object_id: paid.id, facts: { feeMinor: "320" } });
  const input = { discrepancyId: alarm?.id ?? "", note: "Put back from operating, transfer 4711." };
  await expect(closeDiscrepancy(desk.staff, input)).rejects.toMatchObject({ code: "forbidden" });
  const other = await makeFirm(desk.cx, "Hale & Brandt LLP");
  const stranger = await makeMember(desk.cx, other.firmId, "admin");
  await expect(closeDiscrepancy(stranger, input)).rejects.toMatchObject({ code: "not_found" });
  await expect(closeDiscrepancy(desk.bookkeeper, { ...input, note: "" })).rejects.toBeInstanceOf(Problem);
  await closeDiscrepancy(desk.bookkeeper, input);
  await expect(closeDiscrepancy(desk.bookkeeper, input)).rejects.toMatchObject({ code: "conflict" });
  const setFee = (fee: bigint) =>
    inFirm(desk, (tx) =>
      tx.updateTable("payment").set({ fee_minor: fee }).where("id", "=", paid.id).execute(),
    );
  await setFee(320n);
  expect(await differencesOf(desk)).toMatchObject([{ closed_how: "member" }]);
  await setFee(500n);
  expect(await differencesOf(desk)).toMatchObject([{ closed_at: null, facts: { feeMinor: "500" } }]);
});

test("a fee or a dispute in a trust deposit raises an alarm; a refund of trust money does not", async () => {
  const desk = await makeBankDesk(box, []);
  const payout = putPayout(desk, [
    movement("fee", -200n, { description: "Stripe fee" }),
    movement("dispute", -10_000n, { sourceId: "du_trust" }),
    movement("refund", -500n),
  ]);
  await readNow(desk, payout, "trust");
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  for (const page of ["/postings", "/deposits", "/deposits/trust"])
    expect((await browser.get(page)).text).toMatch(/Money left (a )?trust account/);
  expect((await browser.get("/")).text).toContain("A dispute moved −$100.00 on a trust account");
  const kinds = (await differencesOf(desk)).map(({ kind }) => kind);
  expect(kinds).toEqual(["deposit_untied", "trust_dispute", "trust_fee"]);
});

test("no alarm is raised over an operating account", async () => {
  const desk = await makeBankDesk(box, []);
  const paid = await receive(desk, 10_000n, { feeMinor: 320n });
  const line = movement("payment", 10_000n, { feeMinor: 320n, paymentIntentId: paid.intent });
  await readNow(desk, putPayout(desk, [line, movement("fee", -100n)]));
  expect(await differencesOf(desk)).toEqual([]);
});

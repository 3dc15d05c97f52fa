import { expect, test } from "vitest";
import { useDatabase } from "../support/database.ts";
import { first, look, makeDesk, postingsOf, receivePosted, write } from "./desk.ts";
import { comeBack, dispute, refund, reverse, settleAll } from "./undone-desk.ts";

const box = useDatabase();

test("a refund over two entries that fails between their reversals is posted anew for both", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 90_000n }]);
  const entry = first(await receivePosted(desk));
  const paymentId = entry.payment_id;
  await write(desk, entry);
  desk.clock.at += 60_000;
  const disputeId = await dispute(desk, { paymentId, amounts: [60_000n] });
  await settleAll(desk, paymentId);
  desk.clock.at += 60_000;
  await comeBack(desk, "dispute", disputeId);
  await settleAll(desk, paymentId);

  desk.clock.at += 60_000;
  const refundId = await refund(desk, { paymentId, amounts: [70_000n] });
  await reverse(desk, paymentId);
  desk.system.writeMishaps = ["none", "lost"];
  await write(desk, entry);
  const halves = (await postingsOf(desk, paymentId)).filter(({ cause }) => cause === `refund:${refundId}`);
  expect(halves.map((each) => [each.amount_minor, each.state]).sort()).toEqual([
    [10_000n, "posting"],
    [60_000n, "posted"],
  ]);
  await comeBack(desk, "refund", refundId);
  await reverse(desk, paymentId);
  desk.clock.at += 3_600_000;
  const settled = await settleAll(desk, paymentId);
  for (const half of halves) expect(await look(desk, half)).toMatchObject({ state: "posted" });
  const anew = settled.filter(({ cause }) => cause.startsWith(`refund_failed:${refundId}`));
  expect(anew.map((each) => [each.cause, each.amount_minor, each.state]).sort()).toEqual([
    [`refund_failed:${refundId}`, 60_000n, "posted"],
    [`refund_failed:${refundId}:part2`, 10_000n, "posted"],
  ]);
  const standing = desk.system.ledger.map(({ kind, amountMinor }) =>
    kind === "reversal" ? -amountMinor : amountMinor,
  );
  expect(standing.reduce((sum, minor) => sum + minor, 0n)).toBe(90_000n);
});

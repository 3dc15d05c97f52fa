import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { type ListedPayment, listPayments } from "../../src/payments/queries.ts";
import { settlePayment } from "../../src/payments/settle.ts";
import { card } from "../sandbox/processor/stand.ts";
import { useStage } from "./stage.ts";

const stage = useStage();

test("payments are listed newest first, a page at a time, and only to their firm", async () => {
  const { firm, other, cx } = stage.stage;
  const linkIds: string[] = [];
  for (let index = 0; index < 5; index++) {
    const link = await stage.makeLink({ statements: [10_000n, 20_000n], isTrust: index === 4 });
    linkIds.unshift(link.id);
    const account = index === 4 ? firm.processorAccounts.trust : firm.processorAccounts.operating;
    await stage.submit(await stage.begin(link), card());
    const [checkout] = await stage.checkouts(link.id);
    const sessionId = checkout?.session_id ?? "";
    await settlePayment(cx, { firmId: firm.firmId, processorAccount: account, sessionId });
  }
  const seen: ListedPayment[] = [];
  for (;;) {
    const last = seen.at(-1);
    const after = last ? { createdAt: last.created_at, id: last.id } : undefined;
    const page = await stage.read((tx) => listPayments(tx, firm.firmId, { after, limit: 2 }));
    seen.push(...page);
    if (page.length < 2) break;
  }
  expect(seen.map((payment) => payment.link_id)).toEqual(linkIds);
  expect(seen[0]?.allocations.map(({ amountMinor }) => amountMinor)).toEqual([10_000n, 20_000n]);
  expect(seen[0]?.allocations[0]?.statementNumber).toMatch(/^2/);
  const trust = await stage.read((tx) =>
    listPayments(tx, firm.firmId, { merchantAccountId: firm.trustAccountId, limit: 10 }),
  );
  expect(trust.map((payment) => payment.link_id)).toEqual([linkIds[0]]);
  const processing = await stage.read((tx) =>
    listPayments(tx, firm.firmId, { state: "processing", limit: 10 }),
  );
  expect(processing).toEqual([]);
  const foreign = await withFirm(cx.database, other.firmId, (tx) =>
    listPayments(tx, other.firmId, { limit: 10 }),
  );
  expect(foreign).toEqual([]);
  const smuggled = await withFirm(cx.database, other.firmId, (tx) =>
    listPayments(tx, firm.firmId, { limit: 10 }),
  );
  expect(smuggled).toEqual([]);
});

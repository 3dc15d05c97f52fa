import { beforeAll, expect } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { brokeConstraint, type Tx } from "../../src/db/tx.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMatter, makeMember, type TestFirm, testContext } from "../support/world.ts";

/** A firm with a member of staff, and an invoice and a trust request over $100.00 each. `ground` is filled when the tests run. */
export function useMoneyGround() {
  const box = useDatabase();
  const ground = {} as { cx: MemberContext; firm: TestFirm; invoice: string; trustRequest: string };
  beforeAll(async () => {
    const cx = testContext(box);
    ground.firm = await makeFirm(cx);
    const { firmId } = ground.firm;
    ground.cx = await makeMember(cx, firmId, "staff");
    const { statements } = await makeMatter(cx, firmId, [
      { balanceMinor: 10_000n },
      { balanceMinor: 10_000n, kind: "trust_request" },
    ]);
    [ground.invoice = "", ground.trustRequest = ""] = statements.map((statement) => statement.id);
  });
  const within = <Result>(work: (tx: Tx) => Promise<Result>) =>
    withFirm(ground.cx.database, ground.firm.firmId, work);
  return { ground, within };
}

/** Expects that the database refuses the work by this constraint. */
export async function expectBroken(work: Promise<unknown>, constraint: string): Promise<void> {
  const error: unknown = await work.then(
    () => new Error("the database took it"),
    (caught: unknown) => caught,
  );
  expect(brokeConstraint(error, constraint), `${constraint}: ${String(error)}`).toBe(true);
}

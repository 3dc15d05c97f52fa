import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { enqueue } from "../../src/queue/enqueue.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, testContext, waitingJobs } from "../support/world.ts";

describe("enqueue", () => {
  const box = useDatabase();

  it("adds the job with the caller's transaction, and nothing when that is rolled back", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const paymentId = newId();
    await withFirm(cx.database, firmId, (tx) => enqueue(tx, "postings.prepare", { firmId, paymentId }));
    await expect(
      withFirm(cx.database, firmId, async (tx) => {
        await enqueue(tx, "postings.prepare", { firmId, paymentId: newId() });
        throw new Error("changed its mind");
      }),
    ).rejects.toThrow("changed its mind");
    expect(await waitingJobs(box)).toEqual([{ name: "postings.prepare", payload: { firmId, paymentId } }]);
  });

  it("refuses a payload of the wrong form before it is stored", async () => {
    const cx = testContext(box);
    const { firmId } = await makeFirm(cx);
    const broken = withFirm(cx.database, firmId, (tx) =>
      enqueue(tx, "postings.prepare", { firmId, paymentId: "seven" }),
    );
    await expect(broken).rejects.toThrow(/uuid/i);
  });
});

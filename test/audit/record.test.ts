import { describe, expect, it } from "vitest";
import { listLinkHistory } from "../../src/audit/queries.ts";
import { record } from "../../src/audit/record.ts";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { asOwner, useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, systemContext, testContext } from "../support/world.ts";

describe("the record", () => {
  const box = useDatabase();

  it("keeps who did what, before and after, amounts as text", async () => {
    const ground = testContext(box);
    const { firmId } = await makeFirm(ground);
    const cx = await makeMember(ground, firmId, "bookkeeper", "Ben Ortiz");
    const linkId = newId();
    await withFirm(cx.database, firmId, (tx) =>
      record(tx, cx, {
        action: "link.issued",
        objectKind: "link",
        objectId: linkId,
        linkId,
        before: {},
        after: { amount: 9_007_199_254_740_993n, nested: { amount: 1n } },
      }),
    );
    const [line] = await withFirm(cx.database, firmId, (tx) => listLinkHistory(tx, firmId, linkId, 10));
    expect(line).toMatchObject({
      actor_kind: "member",
      actor_id: cx.actor.id,
      actor_name: "Ben Ortiz",
      action: "link.issued",
      object_kind: "link",
      object_id: linkId,
      before: {},
      after: { amount: "9007199254740993", nested: { amount: "1" } },
      request_id: cx.requestId,
    });
  });

  it("goes with the change it tells of: rolled back together", async () => {
    const ground = testContext(box);
    const { firmId } = await makeFirm(ground);
    const cx = systemContext(ground, firmId);
    const linkId = newId();
    const entry = { action: "link.cancelled", objectKind: "link", objectId: linkId, linkId } as const;
    await expect(
      withFirm(cx.database, firmId, async (tx) => {
        await record(tx, cx, entry);
        throw new Error("changed its mind");
      }),
    ).rejects.toThrow("changed its mind");
    expect(await withFirm(cx.database, firmId, (tx) => listLinkHistory(tx, firmId, linkId, 10))).toEqual([]);
  });

  it("shows a link's history newest first, to its own firm only", async () => {
    const ground = testContext(box);
    const [ours, theirs] = [await makeFirm(ground), await makeFirm(ground)];
    const cx = systemContext(ground, ours.firmId);
    const linkId = newId();
    for (const action of ["link.issued", "link.emailed", "link.cancelled"])
      await withFirm(cx.database, ours.firmId, (tx) =>
        record(tx, cx, { action, objectKind: "link", objectId: linkId, linkId }),
      );
    const history = (firmId: string, limit: number) =>
      withFirm(cx.database, firmId, (tx) => listLinkHistory(tx, firmId, linkId, limit));
    const newest = await history(ours.firmId, 2);
    expect(newest.map((line) => line.action)).toEqual(["link.cancelled", "link.emailed"]);
    expect(await history(theirs.firmId, 10)).toEqual([]);
  });

  it("is only ever added to: neither the service nor the owner changes, deletes or empties it", async () => {
    const ground = testContext(box);
    const { firmId } = await makeFirm(ground);
    const cx = systemContext(ground, firmId);
    const objectId = newId();
    await withFirm(cx.database, firmId, (tx) =>
      record(tx, cx, { action: "settings.changed", objectKind: "settings", objectId }),
    );
    await expect(
      withFirm(cx.database, firmId, (tx) =>
        tx.updateTable("audit_event").set({ action: "nothing" }).where("firm_id", "=", firmId).execute(),
      ),
    ).rejects.toMatchObject({ code: "42501" });
    await expect(
      withFirm(cx.database, firmId, (tx) =>
        tx.deleteFrom("audit_event").where("firm_id", "=", firmId).execute(),
      ),
    ).rejects.toMatchObject({ code: "42501" });
    const entered = `select set_config('app.firm_id', '${firmId}', false);`;
    for (const statement of [
      "update audit_event set action = 'nothing'",
      "delete from audit_event",
      "truncate audit_event",
    ])
      await expect(asOwner(box, entered + statement), statement).rejects.toThrow(
        "rows of audit_event are only ever added",
      );
  });
});

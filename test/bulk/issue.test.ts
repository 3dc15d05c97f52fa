import { describe, expect, it } from "vitest";
import { confirmRepeats } from "../../src/bulk/change-rows.ts";
import { goOnIssue, startIssue, stopIssue, takeBackRows } from "../../src/bulk/start.ts";
import { cancelLink } from "../../src/links/cancel.ts";
import { problemOf } from "../links/stage.ts";
import { line, sheet, useBulkStage } from "./stage.ts";

describe("sending an upload", () => {
  const { stage, upload, rowsOf, batchOf, statesOf, linksOf, start, issue, jobs, forgetJobs } =
    useBulkStage();
  const many = (count: number) => sheet(...Array.from({ length: count }, () => line()));

  it("makes one link per ready row, with its email, and leaves the bad rows as drafts", async () => {
    await forgetJobs();
    const batchId = await upload(
      sheet(
        line({ invoice: "20468", message: "Dear {payer name}" }),
        line({ amount: "x" }),
        line({ email: "" }),
      ),
    );
    expect(await start(batchId)).toBe(1);
    await issue(batchId);
    expect(await statesOf(batchId)).toEqual(["made", "to_fix", "ready"]);
    const [row] = await rowsOf(batchId);
    expect(await linksOf(batchId)).toMatchObject([
      {
        source: "bulk",
        request_id: row?.id,
        state: "outstanding",
        delivery: "queued",
        send_count: 1,
        amount_minor: 12_500n,
        invoice_number: "20468",
        description: "Invoice 20468",
        payer_name: "Adaeze Okafor",
        message: "Dear Adaeze Okafor",
        due_on: "2026-12-13",
        created_by: stage.staff.actor.id,
      },
    ]);
    expect((await jobs("delivery.request")).map((job) => job.payload)).toEqual([
      { firmId: stage.firm.firmId, requestId: row?.id },
    ]);
    expect(await batchOf(batchId)).toMatchObject({ state: "review", finished_at: expect.any(Date) });
  });

  it("makes links alone, also of rows without an address, when they are to be downloaded", async () => {
    await forgetJobs();
    const batchId = await upload(sheet(line(), line({ email: "" })));
    expect(await start(batchId, "copy")).toBe(2);
    await issue(batchId);
    expect((await linksOf(batchId)).map((link) => link.delivery)).toEqual(["not_emailed", "not_emailed"]);
    expect(await jobs("delivery.request")).toEqual([]);
  });

  it("does nothing at the second click, at twenty clicks at once, and when its job comes twice", async () => {
    const batchId = await upload(many(3));
    const { version } = await batchOf(batchId);
    const clicks = await Promise.allSettled(
      Array.from({ length: 20 }, () => startIssue(stage.staff, { batchId, delivery: "email", version })),
    );
    expect(clicks.filter((click) => click.status === "fulfilled" && click.value === 3)).toHaveLength(1);
    await Promise.all([issue(batchId), issue(batchId)]);
    await issue(batchId);
    expect(await linksOf(batchId)).toHaveLength(3);
    const late = await problemOf(startIssue(stage.staff, { batchId, delivery: "email", version }));
    expect(late.code).toBe("conflict");
    expect((await problemOf(start(batchId))).message).toMatch(/No row with an address is ready/);
    expect(await linksOf(batchId)).toHaveLength(3);
  });

  it("sends nothing twice when the same file is uploaded again", async () => {
    const text = sheet(line(), line());
    const first = await upload(text);
    const meanwhile = await upload(text);
    await start(first);
    await issue(first);
    const again = await upload(text);
    expect(await statesOf(again)).toEqual(["repeated", "repeated"]);
    expect((await problemOf(start(again))).code).toBe("conflict");
    expect(await statesOf(meanwhile)).toEqual(["ready", "ready"]);
    expect(await start(meanwhile)).toBe(2);
    await issue(meanwhile);
    expect(await statesOf(meanwhile)).toEqual(["repeated", "repeated"]);
    expect(await linksOf(meanwhile)).toEqual([]);
  });

  it("sends nothing twice when two uploads of the same file are sent at once", async () => {
    const text = many(5);
    const batches = [await upload(text), await upload(text)];
    for (const batch of batches) await start(batch);
    await Promise.all(batches.map((batch) => issue(batch)));
    const links = await Promise.all(batches.map((batch) => linksOf(batch)));
    expect(links.flat()).toHaveLength(5);
  });

  it("sends a repeat once somebody has said that it is meant, or its link was cancelled", async () => {
    const text = sheet(line(), line());
    const first = await upload(text);
    await start(first, "copy");
    await issue(first);
    const again = await upload(text);
    const [row] = await rowsOf(again);
    expect(await confirmRepeats(stage.staff, again, [row?.id ?? ""])).toBe(1);
    await start(again, "copy");
    await issue(again);
    expect(await statesOf(again)).toEqual(["made", "repeated"]);
    for (const link of [...(await linksOf(first)), ...(await linksOf(again))])
      await cancelLink(stage.staff, { linkId: link.id });
    expect(await statesOf(await upload(text))).toEqual(["ready", "ready"]);
  });

  it("stops, goes on where it was, and gives back the rows that wait", async () => {
    const batchId = await upload(many(2));
    await start(batchId);
    await stopIssue(stage.staff, batchId);
    await issue(batchId);
    expect(await statesOf(batchId)).toEqual(["queued", "queued"]);
    await forgetJobs();
    await goOnIssue(stage.staff, batchId);
    expect((await jobs("bulk.issueRows")).map((job) => job.payload)).toEqual([
      { firmId: stage.firm.firmId, batchId },
    ]);
    await stopIssue(stage.staff, batchId);
    expect(await takeBackRows(stage.staff, batchId)).toBe(2);
    expect(await statesOf(batchId)).toEqual(["ready", "ready"]);
    expect((await problemOf(stopIssue(stage.staff, batchId))).code).toBe("conflict");
    expect((await problemOf(takeBackRows(stage.staff, batchId))).code).toBe("conflict");
  });
});

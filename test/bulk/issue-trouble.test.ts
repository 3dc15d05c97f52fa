import { describe, expect, it } from "vitest";
import type { Role } from "../../src/base/permission.ts";
import { addRow, reviewFailed } from "../../src/bulk/change-rows.ts";
import { discardBatch } from "../../src/bulk/discard.ts";
import { bulkJobs } from "../../src/bulk/jobs.ts";
import { goOnIssue, startIssue, stopIssue, takeBackRows } from "../../src/bulk/start.ts";
import type { Context } from "../../src/context.ts";
import { CATALOG, jobNames } from "../../src/queue/catalog.ts";
import type { Handlers } from "../../src/queue/handler.ts";
import { problemOf } from "../links/stage.ts";
import { asOwner } from "../support/database.ts";
import { drainJobs } from "../support/world.ts";
import { line, sheet, useBulkStage } from "./stage.ts";

describe("sending an upload that meets trouble", () => {
  const {
    box,
    log,
    stage,
    upload,
    rowsOf,
    batchOf,
    statesOf,
    linksOf,
    start,
    issue,
    jobs,
    forgetJobs,
    read,
  } = useBulkStage();
  const many = (count: number) => sheet(...Array.from({ length: count }, () => line()));

  it("goes on after a crash in the middle without making a link twice", async () => {
    const batchId = await upload(many(600));
    await start(batchId, "copy");
    // The second transaction breaks down, as when its process is killed: what it did is gone, what was before stays.
    let transactions = 0;
    const { kysely } = stage.cx.database;
    const dying: Context = {
      ...stage.cx,
      database: {
        close: () => Promise.resolve(),
        kysely: new Proxy(kysely, {
          get(target, key) {
            if (key === "transaction" && ++transactions === 2) throw new Error("killed");
            const value = Reflect.get(target, key);
            return typeof value === "function" ? value.bind(target) : value;
          },
        }),
      },
    };
    const job = bulkJobs["bulk.issueRows"];
    const facts = { attempt: 1, isLastAttempt: false, signal: undefined };
    const payload = { firmId: stage.firm.firmId, batchId };
    await expect(job(dying, payload, facts)).rejects.toThrow("killed");
    expect((await statesOf(batchId)).filter((state) => state === "made")).toHaveLength(250);
    await job(stage.cx, payload, facts);
    const links = await linksOf(batchId);
    expect(new Set(links.map((link) => link.request_id)).size).toBe(600);
    expect(links).toHaveLength(600);
  });

  it("hands itself on when its runner must stop", async () => {
    const batchId = await upload(many(1));
    await start(batchId);
    await forgetJobs();
    const signal = AbortSignal.abort();
    await bulkJobs["bulk.issueRows"](
      stage.cx,
      { firmId: stage.firm.firmId, batchId },
      { attempt: 1, isLastAttempt: false, signal },
    );
    expect(await statesOf(batchId)).toEqual(["queued"]);
    expect(await jobs("bulk.issueRows")).toHaveLength(1);
  });

  it("leaves a row behind that cannot become a link, with a reason, and makes all others", async () => {
    await asOwner(
      box,
      "alter table payment_link add constraint test_refuses check (payer_name <> 'Refused')",
    );
    try {
      const batchId = await upload(sheet(line(), line({ name: "Refused" }), line()));
      await start(batchId, "copy");
      await issue(batchId);
      expect(await statesOf(batchId)).toEqual(["made", "failed", "made"]);
      expect((await rowsOf(batchId))[1]?.reason).toMatch(/No link could be made of this row/);
      expect(await reviewFailed(stage.staff, batchId)).toBe(1);
      expect(await statesOf(batchId)).toEqual(["made", "ready", "made"]);
    } finally {
      await asOwner(box, "alter table payment_link drop constraint test_refuses");
    }
  });

  it("fails the rows whose account was given up meanwhile, with the reason", async () => {
    const { trustAccountId } = stage.firm;
    const archive = (at: Date | null) =>
      read((tx) =>
        tx
          .updateTable("merchant_account")
          .set({ archived_at: at })
          .where("id", "=", trustAccountId)
          .execute(),
      );
    const batchId = await upload(sheet(line()), { accountId: trustAccountId });
    await start(batchId, "copy");
    await archive(new Date());
    await issue(batchId);
    expect(await rowsOf(batchId)).toMatchObject([
      { state: "failed", reason: expect.stringMatching(/account .* no longer in use/) },
    ]);
    await archive(null);
  });

  it("is done by the queue itself, from the button to the emails' jobs", async () => {
    await forgetJobs();
    const batchId = await upload(many(3));
    await start(batchId);
    const seen: unknown[] = [];
    const handlers = Object.fromEntries(
      jobNames().map((name) => [name, async (_cx: Context, payload: unknown) => void seen.push(payload)]),
    );
    await drainJobs(box, stage.cx, { ...handlers, ...bulkJobs } as unknown as Handlers<Context>);
    expect(await statesOf(batchId)).toEqual(["made", "made", "made"]);
    const requests = (await linksOf(batchId)).map((link) => link.request_id);
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(
      expect.arrayContaining(requests.map((requestId) => ({ firmId: stage.firm.firmId, requestId }))),
    );
    expect(CATALOG["bulk.issueRows"].tries).toBeGreaterThan(10);
  });

  it("keeps addresses out of the record, the jobs and the log", async () => {
    await forgetJobs();
    const batchId = await upload(sheet(line({ email: "secret@okafor.example" })));
    await start(batchId);
    await issue(batchId);
    const [link] = await linksOf(batchId);
    const audit = await read((tx) => tx.selectFrom("audit_event").selectAll().execute());
    const actions = audit.filter((event) => event.object_id === batchId).map((event) => event.action);
    expect(actions).toEqual(["batch.uploaded", "batch.started"]);
    expect(audit.filter((event) => event.link_id === link?.id)).toMatchObject([
      {
        action: "link.issued",
        actor_kind: "member",
        actor_name: "Dana Whitfield",
        after: { amountMinor: "12500", recipients: 1 },
      },
    ]);
    const kept = JSON.stringify([audit, await jobs("delivery.request"), log.lines], (_key, value) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(kept).not.toContain("secret@");
  });

  it("is not there for another firm, nor for a role that may not send", async () => {
    const batchId = await upload(many(1));
    const verbs = (cx: typeof stage.staff) => [
      () => startIssue(cx, { batchId, delivery: "email", version: 1 }),
      () => stopIssue(cx, batchId),
      () => goOnIssue(cx, batchId),
      () => takeBackRows(cx, batchId),
      () => discardBatch(cx, batchId),
    ];
    for (const verb of verbs(stage.stranger)) expect((await problemOf(verb())).code).toBe("not_found");
    const weak = { ...stage.staff, actor: { ...stage.staff.actor, role: "guest" as Role } };
    for (const verb of verbs(weak)) expect((await problemOf(verb())).code).toBe("forbidden");
    expect(await statesOf(batchId)).toEqual(["ready"]);
  });

  it("keeps an upload of which something was sent, and refuses rows that changed since they were seen", async () => {
    const batchId = await upload(many(1));
    const seen = await batchOf(batchId);
    await addRow(stage.staff, batchId);
    const changed = await problemOf(
      startIssue(stage.staff, { batchId, delivery: "email", version: seen.version }),
    );
    expect(changed.message).toMatch(/changed meanwhile/);
    await start(batchId);
    expect((await problemOf(discardBatch(stage.staff, batchId))).code).toBe("conflict");
  });
});

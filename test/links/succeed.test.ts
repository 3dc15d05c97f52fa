import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { linkJobs } from "../../src/links/jobs.ts";
import { moveLink } from "../../src/links/move.ts";
import { findSuccessor, type LinkRow, lockLink } from "../../src/links/queries.ts";
import { issueQuickLink } from "../../src/links/quick-issue.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { useLinkStage } from "./stage.ts";

const { stage, issued, pay, read, auditOf, jobs, forgetJobs } = useLinkStage();

const settle = (successor: "by_hand" | "by_itself") =>
  read((tx) =>
    tx.updateTable("firm_settings").set({ successor }).where("firm_id", "=", stage.firm.firmId).execute(),
  );

const succeed = (linkId: string, firmId = stage.firm.firmId) =>
  linkJobs["links.succeed"](stage.cx, { firmId, linkId });
const successorOf = (link: LinkRow) => read((tx) => findSuccessor(tx, stage.firm.firmId, link.id));

/** A link over $1,250.00 of which something was paid. */
async function partPaid(paidMinor = 50_000n, change: Parameters<typeof issued>[1] = {}): Promise<LinkRow> {
  const { link, matter } = await issued(undefined, change);
  await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor: paidMinor }]);
  await withFirm(stage.cx.database, stage.firm.firmId, async (tx) =>
    moveLink(tx, stage.staff, await lockLink(tx, stage.firm.firmId, link.id), "part_paid"),
  );
  return link;
}

describe("the rest after a part payment", () => {
  it("is asked for by itself where the firm wants it so, once, in the sender's name and by email", async () => {
    await settle("by_itself");
    await forgetJobs();
    const link = await partPaid();
    await succeed(link.id);
    await succeed(link.id);
    const successor = await successorOf(link);
    expect(successor).toMatchObject({
      amount_minor: 75_000n,
      state: "outstanding",
      created_by: stage.staff.actor.id,
      delivery: "queued",
      send_count: 1,
    });
    expect(
      (await jobs("delivery.request")).filter((job) => job.payload.requestId === successor?.request_id),
    ).toHaveLength(1);
    const event = (await auditOf(link.id)).find((each) => each.action === "link.succeeded");
    expect(event).toMatchObject({ actor_kind: "system", actor_name: "Send for Payment" });
  });

  it("waits for a member where the firm wants it by hand", async () => {
    await settle("by_hand");
    const link = await partPaid();
    await succeed(link.id);
    expect(await successorOf(link)).toBeUndefined();
  });

  it("is not asked for twice when a member was quicker", async () => {
    await settle("by_itself");
    const link = await partPaid();
    const made = await makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" });
    await succeed(link.id);
    expect((await successorOf(link))?.id).toBe(made.id);
  });

  it("is not asked for of a link that was not paid in part", async () => {
    await settle("by_itself");
    const { link } = await issued();
    await succeed(link.id);
    expect(await successorOf(link)).toBeUndefined();
  });

  it("says on the link, once, what stands against it", async () => {
    await settle("by_itself");
    const link = await partPaid(124_960n);
    await succeed(link.id);
    await succeed(link.id);
    expect(await successorOf(link)).toBeUndefined();
    const notes = (await auditOf(link.id)).filter((event) => event.action === "link.notSucceeded");
    expect(notes).toHaveLength(1);
    expect(notes[0]?.after).toMatchObject({ reason: expect.stringContaining("0.50") });
  });

  it("of a copied link is made without an email", async () => {
    await settle("by_itself");
    const link = await partPaid(50_000n, { delivery: "copy", payerEmails: [] });
    await succeed(link.id);
    expect(await successorOf(link)).toMatchObject({ delivery: "not_emailed", send_count: 0 });
  });

  it("of a Quick Link asks for the rest as it was typed", async () => {
    await settle("by_itself");
    const link = await issueQuickLink(stage.staff, {
      formId: newId(),
      accountId: stage.firm.operatingAccountId,
      amount: "900.00",
      description: "Advice",
      invoiceNumber: "20391",
      payerName: "Elena Vasquez",
      payerEmails: ["elena@vasquezmail.example"],
      message: "",
      delivery: "email",
    });
    await read((tx) =>
      tx
        .updateTable("payment_link")
        .set({ state: "part_paid", closed_at: new Date() })
        .where("id", "=", link.id)
        .execute(),
    );
    await succeed(link.id);
    expect(await successorOf(link)).toMatchObject({ description: "Advice", source: "quick" });
  });

  it("of another firm's link is not there", async () => {
    await settle("by_itself");
    const link = await partPaid();
    await expect(succeed(link.id, stage.other.firmId)).rejects.toThrow("no such link");
  });
});

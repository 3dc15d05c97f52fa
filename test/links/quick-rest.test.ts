import { describe, expect, it } from "vitest";
import { listLinkHistory } from "../../src/audit/queries.ts";
import { newId } from "../../src/base/id.ts";
import { describeEvent } from "../../src/links/history.ts";
import { readLinkPage } from "../../src/links/link-page.ts";
import type { LinkRow } from "../../src/links/queries.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { getAccount } from "../../src/settings/queries.ts";
import { useQuickStage } from "./quick-stage.ts";
import { problemOf } from "./stage.ts";

const { stage, read, bring, get, post, issueQuick, requestJobs } = useQuickStage();

/** A payment of the link that lies on no statement. */
async function payOnNothing(link: LinkRow, amountMinor: bigint): Promise<void> {
  const paymentId = newId();
  await read(async (tx) => {
    const account = await getAccount(tx, link.firm_id, link.merchant_account_id);
    await tx
      .insertInto("payment")
      .values({
        firm_id: link.firm_id,
        id: paymentId,
        reference: `PAY-${paymentId.slice(0, 8)}`,
        link_id: link.id,
        merchant_account_id: link.merchant_account_id,
        account_kind: link.account_kind,
        processor_account: account.processor_account,
        payment_intent_id: `pi_${paymentId}`,
        state: "succeeded",
        amount_minor: amountMinor,
        currency: link.currency,
        method: "card",
        payer_name: link.payer_name,
        received_at: new Date(),
      })
      .execute();
    await tx
      .insertInto("payment_allocation")
      .values({
        firm_id: link.firm_id,
        id: newId(),
        payment_id: paymentId,
        statement_id: null,
        position: 0,
        amount_minor: amountMinor,
      })
      .execute();
  });
}

describe("a new link for the rest of a Quick Link", () => {
  it("asks for what a part payment left, with the same words, number and account", async () => {
    const link = await issueQuick({
      accountId: stage.firm.trustAccountId,
      part: "yes",
      invoiceNumber: "TR-0619",
      dueOn: "2099-11-30",
    });
    await payOnNothing(link, 60_000n);
    await bring(link.id, "part_paid");
    const answer = await post(`/links/${link.id}/successor`, { delivery: "email" }, stage.staff);
    expect(answer.status).toBe(303);
    const { successor } = await readLinkPage(stage.cx, stage.firm.firmId, link.id);
    expect(successor).toMatchObject({
      source: "quick",
      predecessor_id: link.id,
      merchant_account_id: stage.firm.trustAccountId,
      amount_minor: 190_000n,
      description: "Advice on the lease",
      invoice_number: "TR-0619",
      payer_emails: link.payer_emails,
      due_on: "2099-11-30",
      part_payment_allowed: true,
    });
    expect(await requestJobs(successor?.request_id ?? "")).toHaveLength(1);
  });

  it("asks for the whole of one that ran out, once", async () => {
    const link = await issueQuick();
    await bring(link.id, "expired");
    const [one, two] = await Promise.all([
      makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" }),
      makeSuccessor(stage.staff, { linkId: link.id, delivery: "copy" }),
    ]);
    expect(two.id).toBe(one.id);
    expect(one).toMatchObject({ amount_minor: 250_000n, delivery: "not_emailed" });
  });

  it("keeps what an uploaded link knew of its matter and the payer's language", async () => {
    const link = await issueQuick();
    const known = {
      client_name: "Okafor Logistics, Inc.",
      matter_label: "10482-003 Warehouse lease dispute",
      language: "es",
    } as const;
    await read((tx) =>
      tx
        .updateTable("payment_link")
        .set({ ...known, source: "bulk" })
        .where("id", "=", link.id)
        .execute(),
    );
    await bring(link.id, "expired");
    const successor = await makeSuccessor(stage.staff, { linkId: link.id, delivery: "email" });
    expect(successor).toMatchObject({ ...known, source: "bulk", amount_minor: 250_000n });
  });

  it("is refused where the account takes no more money, and where too little is left", async () => {
    const link = await issueQuick({ amount: "10.00" });
    await payOnNothing(link, 970n);
    await bring(link.id, "part_paid");
    const input = { linkId: link.id, delivery: "copy" } as const;
    expect((await problemOf(makeSuccessor(stage.staff, input))).message).toContain("$0.50");
    const other = await issueQuick({ accountId: stage.firm.trustAccountId });
    await bring(other.id, "expired");
    const archive = (archived_at: Date | null) =>
      read((tx) =>
        tx
          .updateTable("merchant_account")
          .set({ archived_at })
          .where("id", "=", stage.firm.trustAccountId)
          .execute(),
      );
    await archive(new Date());
    const problem = await problemOf(makeSuccessor(stage.staff, { linkId: other.id, delivery: "copy" }));
    await archive(null);
    expect(problem.message).toContain("takes no more money");
  });
});

describe("a Quick Link among the sent links", () => {
  it("is found by its invoice number and shows what it is for", async () => {
    const link = await issueQuick({ invoiceNumber: "INV-77120", description: "Filing fee" });
    const page = await (await get("/sent?q=inv-77120", stage.staff)).text();
    expect(page).toContain(`/links/${link.id}`);
    expect(page).toContain("Filing fee");
  });

  it("has a time line that begins with its making", async () => {
    const link = await issueQuick();
    const events = await read((tx) => listLinkHistory(tx, stage.firm.firmId, link.id, 10));
    expect(events.map((event) => describeEvent(event, "America/Chicago"))).toMatchObject([
      { title: "Created", detail: "For $2,500.00, by Dana Whitfield" },
    ]);
  });
});

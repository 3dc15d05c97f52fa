import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { listAllocations } from "../../src/links/issue-queries.ts";
import { linkJobs } from "../../src/links/jobs.ts";
import { readLinkPage } from "../../src/links/link-page.ts";
import { readQuery } from "../../src/links/list-address.ts";
import { listSent } from "../../src/links/sent-queries.ts";
import { listScope } from "../../src/links/sent-scope.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { useQuickStage } from "./quick-stage.ts";
import { problemOf } from "./stage.ts";
import { paying, undoing } from "./undone.ts";

const { stage, read, issued, pay, bring, get, post, issueQuick } = useQuickStage();
const { refund, dispute, changeRefund, changeDispute } = undoing(read);
const paid = paying({ issued, pay, bring });

const pageOf = async (linkId: string) =>
  (await (await get(`/links/${linkId}`, stage.staff)).text()).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
const figuresOf = async (linkId: string) => {
  const { allocations } = await readLinkPage(stage.cx, stage.firm.firmId, linkId);
  return allocations.map((line) => [line.receivedMinor, line.goneMinor, line.leftMinor]);
};
const sentIn = (query: string) =>
  read(async (tx) => {
    const scope = listScope(stage.cx, stage.firm.firmId, "America/Chicago");
    return (await listSent(tx, scope, { ...readQuery(query).place }, 100)).rows;
  });
/** The link's row in Sent Pages: what was paid, what is left, and the words beside its state. */
async function rowOf(linkId: string): Promise<string> {
  await post(
    "/sent/columns",
    { order: ["paid", "left", "state"], column: ["paid", "left", "state"] },
    stage.staff,
  );
  const html = await (await get("/sent", stage.staff)).text();
  const row = html.split("<tr").find((each) => each.includes(`/links/${linkId}"`)) ?? "";
  return row.replace(/^[^>]*>|<[^>]*>/g, " ").replace(/\s+/g, " ");
}
async function exportOf(linkId: string): Promise<Record<string, string> | undefined> {
  await post("/sent/columns", { order: ["paid", "left"], column: ["paid", "left"] }, stage.staff);
  const text = await (await get(`/sent/export.csv?link=${linkId}`, stage.staff)).text();
  return Papa.parse<Record<string, string>>(text.replace("\ufeff", ""), { header: true }).data[0];
}
const succeedsByItself = () =>
  read((tx) =>
    tx
      .updateTable("firm_settings")
      .set({ successor: "by_itself" })
      .where("firm_id", "=", stage.firm.firmId)
      .execute(),
  );
const rest = (linkId: string) => makeSuccessor(stage.staff, { linkId, delivery: "copy" });
const laidOf = async (linkId: string) =>
  (await read((tx) => listAllocations(tx, stage.firm.firmId, linkId))).map((row) => row.amount_minor);

describe("a whole refund", () => {
  it("is shown on the link's page, in Sent Pages and in their export as not received", async () => {
    const { link, paymentId } = await paid();
    expect(await pageOf(link.id)).not.toContain("Went back");
    await refund(paymentId, 125_000n, { laid: [90_000n, 35_000n] });
    const page = await pageOf(link.id);
    for (const words of [
      "$1,250.00 went back",
      "$1,250.00 came in, and all of it went back.",
      "New link for $1,250.00",
      "Received $0.00 Went back $1,250.00",
      "Asked Received Went back Left Posting",
      "Total $1,250.00 $0.00 $1,250.00 $1,250.00",
    ])
      expect(page).toContain(words);
    expect(await figuresOf(link.id)).toEqual([
      [0n, 90_000n, 90_000n],
      [0n, 35_000n, 35_000n],
    ]);
    expect(await rowOf(link.id)).toMatch(/ \$0\.00 +\$1,250\.00 +.*Payment received.*\$1,250\.00 went back/);
    expect(await exportOf(link.id)).toMatchObject({ Paid: "0.00", "Balance left": "1250.00" });
  });

  it("is asked for by hand where its statements are open, once, and never by itself", async () => {
    const { link, paymentId } = await paid();
    expect((await problemOf(rest(link.id))).code).toBe("conflict");
    await refund(paymentId, 125_000n, { laid: [90_000n, 35_000n] });
    await succeedsByItself();
    await linkJobs["links.succeed"](stage.cx, { firmId: link.firm_id, linkId: link.id });
    expect((await readLinkPage(stage.cx, link.firm_id, link.id)).successor).toBeUndefined();
    const successor = await rest(link.id);
    expect(successor).toMatchObject({
      amount_minor: 125_000n,
      predecessor_id: link.id,
      state: "outstanding",
    });
    expect(await laidOf(successor.id)).toEqual([90_000n, 35_000n]);
    expect((await rest(link.id)).id).toBe(successor.id);
    expect(await pageOf(link.id)).toContain(`See ${successor.reference}`);
  });

  it("is not asked for while no statement is open, and the page says why", async () => {
    const { link, paymentId, statementIds } = await paid();
    await refund(paymentId, 125_000n, { laid: [90_000n, 35_000n] });
    const settle = (id: string) =>
      read((tx) =>
        tx.updateTable("statement").set({ state: "paid", balance_minor: 0n }).where("id", "=", id).execute(),
      );
    await settle(statementIds[0] ?? "");
    expect(await pageOf(link.id)).toContain("New link for $350.00");
    await settle(statementIds[1] ?? "");
    const page = await pageOf(link.id);
    expect(page).toContain("none of the statements is open");
    expect(page).not.toContain("New link for");
    expect((await problemOf(rest(link.id))).message).toContain("none of the statements is open");
  });

  it("of a link that was typed is asked for with its amount", async () => {
    const link = await issueQuick();
    const paymentId = await pay(link, [{ statementId: null, amountMinor: 250_000n }]);
    await bring(link.id, "payment_received");
    await refund(paymentId, 100_000n, { laid: [100_000n] });
    const page = await pageOf(link.id);
    expect(page).toContain("$2,500.00 came in, and $1,000.00 of it went back.");
    expect(page).toContain("Received $1,500.00 Went back $1,000.00");
    expect(await rest(link.id)).toMatchObject({ amount_minor: 100_000n, source: "quick" });
  });
});

describe("a refund of a part", () => {
  it("takes off the line that it lies on, and the new link asks for that line", async () => {
    const { link, paymentId } = await paid();
    await refund(paymentId, 10_000n, { laid: [0n, 10_000n] });
    expect(await figuresOf(link.id)).toEqual([
      [90_000n, 0n, 0n],
      [25_000n, 10_000n, 10_000n],
    ]);
    expect(await exportOf(link.id)).toMatchObject({ Paid: "1150.00", "Balance left": "100.00" });
    expect(await laidOf((await rest(link.id)).id)).toEqual([10_000n]);
  });

  it("of a part payment makes the new link ask for all that is not there", async () => {
    const { link, paymentId } = await paid([40_000n]);
    expect(await pageOf(link.id)).toContain("$400.00 of $1,250.00 received.");
    await refund(paymentId, 40_000n, { laid: [40_000n] });
    const page = await pageOf(link.id);
    expect(page).toContain("$1,250.00 still owed");
    expect(page).toContain("$400.00 of $1,250.00 came in, and all of it went back.");
    await succeedsByItself();
    await linkJobs["links.succeed"](stage.cx, { firmId: link.firm_id, linkId: link.id });
    const { successor } = await readLinkPage(stage.cx, link.firm_id, link.id);
    expect(successor).toMatchObject({ amount_minor: 125_000n });
  });

  it("counts in the sums while nobody has said its lines, and waits with the new link until then", async () => {
    const { link, paymentId } = await paid();
    await refund(paymentId, 20_000n);
    const page = await pageOf(link.id);
    expect(page).toContain("Lines not chosen");
    expect(page).toContain("Total $1,250.00 $1,050.00 $200.00 $200.00");
    expect(page).not.toContain("New link for");
    expect(await exportOf(link.id)).toMatchObject({ Paid: "1050.00", "Balance left": "200.00" });
    expect((await problemOf(rest(link.id))).message).toContain("$200.00 went back, and nobody has said yet");
  });
});

describe("a refund whose money is here", () => {
  it("counts as received while it is only asked for", async () => {
    const { link, paymentId } = await paid();
    const change = { state: "requested", origin: "firm", requested_by: stage.staff.actor.id } as const;
    await refund(paymentId, 125_000n, {
      laid: [90_000n, 35_000n],
      change: { ...change, processor_refund_id: null, turn: 0, moved_at: null },
    });
    expect(await pageOf(link.id)).not.toContain("ent back");
    expect(await exportOf(link.id)).toMatchObject({ Paid: "1250.00", "Balance left": "0.00" });
  });

  it("counts as received again once it failed", async () => {
    const { link, paymentId } = await paid();
    const id = await refund(paymentId, 125_000n, { laid: [90_000n, 35_000n] });
    expect(await exportOf(link.id)).toMatchObject({ Paid: "0.00" });
    await changeRefund(id, { state: "failed", turn: 2 });
    expect(await pageOf(link.id)).not.toContain("ent back");
    expect(await rowOf(link.id)).toMatch(/ \$1,250\.00 +\$0\.00 +/);
    expect(await rowOf(link.id)).not.toContain("went back");
    expect(await exportOf(link.id)).toMatchObject({ Paid: "1250.00", "Balance left": "0.00" });
    expect((await problemOf(rest(link.id))).message).toContain("This one is none of these");
  });
});

describe("what the payer's bank takes back", () => {
  it("is gone when a bank payment is returned, and is asked for anew", async () => {
    const { link, paymentId } = await paid();
    await dispute(paymentId, 125_000n, { laid: [90_000n, 35_000n], change: { kind: "bank_return" } });
    expect(await pageOf(link.id)).toContain("$1,250.00 came in, and all of it went back.");
    expect(await rowOf(link.id)).toContain("$1,250.00 went back");
    expect(await exportOf(link.id)).toMatchObject({ Paid: "0.00", "Balance left": "1250.00" });
    expect(await rest(link.id)).toMatchObject({ amount_minor: 125_000n });
  });

  it("is gone while a dispute is open, asked for only when it is lost, and here again when it is won", async () => {
    const { link, paymentId } = await paid();
    const id = await dispute(paymentId, 125_000n, {
      laid: [90_000n, 35_000n],
      change: { state: "open", closed_at: null },
    });
    const page = await pageOf(link.id);
    expect(page).toContain("$1,250.00 went back");
    expect(page).toContain("has not decided about $1,250.00 yet");
    expect(page).not.toContain("New link for");
    expect((await problemOf(rest(link.id))).message).toContain("has not decided");
    await changeDispute(id, { state: "won", turn: 2, closed_at: new Date() });
    expect(await exportOf(link.id)).toMatchObject({ Paid: "1250.00", "Balance left": "0.00" });
    expect(await pageOf(link.id)).not.toContain("ent back");
    await changeDispute(id, { state: "lost", turn: 3 });
    expect(await rest(link.id)).toMatchObject({ amount_minor: 125_000n });
  });

  it("of a part payment is left out of the new link while the dispute is open, and the page says so", async () => {
    const { link, paymentId } = await paid([40_000n]);
    await dispute(paymentId, 40_000n, { laid: [40_000n], change: { state: "open", closed_at: null } });
    const page = await pageOf(link.id);
    for (const words of ["$1,250.00 still owed", "New link for $850.00", "has not decided about $400.00 yet"])
      expect(page).toContain(words);
    expect(await laidOf((await rest(link.id)).id)).toEqual([50_000n, 35_000n]);
  });

  it("counts once where a refund took some of the same money before", async () => {
    const { link, paymentId } = await paid();
    await refund(paymentId, 35_000n, { laid: [0n, 35_000n] });
    await dispute(paymentId, 125_000n, { laid: [90_000n], change: { excess_minor: 35_000n } });
    expect(await exportOf(link.id)).toMatchObject({ Paid: "0.00", "Balance left": "1250.00" });
    expect(await rest(link.id)).toMatchObject({ amount_minor: 125_000n });
  });
});

describe("Sent Pages", () => {
  it.each(["paid", "-paid", "left", "-left"])("are in the order of what they show by %s", async (sort) => {
    const { paymentId } = await paid();
    await refund(paymentId, 12_345n, { laid: [12_345n] });
    const rows = await sentIn(`sort=${sort}`);
    const shown = rows.map((row) =>
      sort.endsWith("paid") ? row.paidMinor : row.amountMinor - row.paidMinor,
    );
    const ordered = [...shown].sort((one, two) => Number(one - two));
    expect(new Set(shown).size).toBeGreaterThan(2);
    expect(shown).toEqual(sort.startsWith("-") ? ordered.reverse() : ordered);
  });
});

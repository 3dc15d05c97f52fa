import { beforeEach, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { postingJobs } from "../../src/postings/jobs.ts";
import { type Browser, openBrowser } from "../postings/browser.ts";
import { type Desk, makeDesk, receivePayment, receivePosted, write } from "../postings/desk.ts";
import { dispute, refund } from "../postings/undone-desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember, waitingJobs } from "../support/world.ts";

const box = useDatabase();
let desk: Desk;
let browser: Browser;
let paymentId: string;
let page: string;
beforeEach(async () => {
  desk = await makeDesk(box, [{ balanceMinor: 90_000n }, { balanceMinor: 35_000n }]);
  browser = await openBrowser(desk.cx, desk.bookkeeper);
  const parts = desk.matter.statements.map((each) => ({
    statementId: each.id,
    amountMinor: each.balanceMinor,
  }));
  paymentId = await receivePayment(desk, parts);
  page = `/payments/${paymentId}`;
});

/** The form as it stands on the page, with changes. */
async function formOf(change: Record<string, string> = {}): Promise<Record<string, string>> {
  const { document } = await browser.get(`${page}/refund`);
  const fields = document
    .querySelectorAll("main form input")
    .map((input) => [input.getAttribute("name") ?? "", input.getAttribute("value") ?? ""]);
  return { ...Object.fromEntries(fields), note: "Billed twice", ...change };
}

const boxes = (form: Record<string, string>) =>
  Object.keys(form).filter((name) => name.startsWith("amount-"));

test("the form begins with all that is left, the review shows it, and the last press asks for it once", async () => {
  const form = await formOf();
  expect(boxes(form).map((name) => form[name])).toEqual(["900.00", "350.00"]);
  const review = await browser.post(`${page}/refund`, { ...form, step: "review" });
  expect([review.status, review.text]).toEqual([200, expect.stringContaining("Refund $1,250.00?")]);
  expect((await waitingJobs(box)).filter(({ name }) => name === "payments.askRefund")).toEqual([]);
  for (let press = 0; press < 2; press++) {
    const done = await browser.post(`${page}/refund`, { ...form, step: "refund" });
    expect([done.status, done.location]).toEqual([303, page]);
    expect(done.notice).toContain("The refund is asked for");
  }
  const shown = await browser.get(page);
  expect(shown.text).toContain("A refund is under way");
  expect(shown.text).toContain("Asked by Ines Ferrer");
  const asked = (await waitingJobs(box)).filter(({ name }) => name === "payments.askRefund");
  expect(asked).toHaveLength(1);
});

test("what is typed wrong comes back as it was typed, with the words beside its field", async () => {
  const form = await formOf({ note: "" });
  const [first = "", second = ""] = boxes(form);
  const typed = { ...form, [first]: "900.01", [second]: "12,5" };
  const shown = await browser.post(`${page}/refund`, { ...typed, step: "review" });
  expect(shown.status).toBe(422);
  expect(shown.document.querySelector(`#${first}-error`)?.text).toContain("Enter $900.00 or less");
  expect(shown.document.querySelector(`#${second}-error`)?.text).toContain("in figures");
  expect(shown.document.querySelector("#note-error")?.text).toContain("Enter the reason");
  expect(shown.document.querySelector(`#${first}`)?.getAttribute("value")).toBe("900.01");
  expect(shown.document.querySelectorAll(".error-summary a")).toHaveLength(3);
});

test("a note that is too long, and a form without its key, are refused in words", async () => {
  const form = await formOf({ note: "n".repeat(501) });
  const long = await browser.post(`${page}/refund`, { ...form, step: "refund" });
  expect([long.status, long.text]).toEqual([422, expect.stringContaining("500 characters at most")]);
  const keyless = await browser.post(`${page}/refund`, {
    ...form,
    note: "x",
    refundId: "zz",
    step: "refund",
  });
  expect([keyless.status, keyless.notice]).toEqual([303, expect.stringContaining("Open the form")]);
});

test("a payment that was charged back offers no refund and says why", async () => {
  await dispute(desk, { paymentId, amounts: [90_000n, 35_000n] });
  const shown = await browser.get(page);
  expect(shown.text).toContain("The payer’s bank disputes $1,250.00");
  expect(shown.document.querySelectorAll(`a[href="${page}/refund"]`)).toEqual([]);
  const form = await browser.get(`${page}/refund`);
  expect([form.status, form.location]).toEqual([303, page]);
  expect(form.notice).toContain("cannot be refunded before the dispute is won");
});

test("a payment whose reversal needs a person says so", async () => {
  await postingJobs["postings.prepare"](desk.cx, { firmId: desk.firm.firmId, paymentIds: [paymentId] });
  await refund(desk, { paymentId, amounts: [90_000n, 0n] });
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .updateTable("posting")
      .set({ state: "posted", posted_by: "hand", posted_at: new Date() })
      .where("payment_id", "=", paymentId)
      .execute(),
  );
  await postingJobs["postings.reverse"](desk.cx, { firmId: desk.firm.firmId, paymentId });
  expect((await browser.get(page)).text).toContain("A reversal needs attention.");
});

test("a trust deposit that was used up is not refunded out of other clients' money", async () => {
  desk = await makeDesk(box, [{ balanceMinor: 50_000n, kind: "trust_request" }]);
  browser = await openBrowser(desk.cx, desk.bookkeeper);
  const [posting] = await receivePosted(desk, { kind: "trust" });
  await write(desk, posting ?? {});
  page = `/payments/${posting?.payment_id}`;
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    await tx.updateTable("posting").set({ confirmed_at: desk.cx.now() }).execute();
    await tx.updateTable("matter").set({ trust_balance_minor: 20_000n }).execute();
  });
  const form = await formOf();
  const [field = ""] = boxes(form);
  const refused = await browser.post(`${page}/refund`, { ...form, step: "refund" });
  expect(refused.status).toBe(422);
  expect(refused.document.querySelector(`#${field}-error`)?.text).toMatch(
    /holds only \$200\.00 in trust\. More would come out of other clients’ money/,
  );
  const review = await browser.post(`${page}/refund`, { ...form, [field]: "200.00", step: "review" });
  expect(review.text).toContain("It comes out of the client trust account");
});

test("the form of lines names the sum that is left where more went back than that", async () => {
  await refund(desk, { paymentId, amounts: [30_000n, 0n] });
  const id = await dispute(desk, { paymentId, amounts: [60_000n, 35_000n] });
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    await tx.deleteFrom("undone_part").where("dispute_id", "=", id).execute();
    const whole = { is_laid: false, amount_minor: 125_000n };
    await tx.updateTable("dispute").set(whole).where("id", "=", id).execute();
  });
  const path = `${page}/disputes/${id}/lines`;
  const form = await browser.get(path);
  expect(form.text).toContain(
    "The amounts must add up to $950.00, which is all that is left of the payment: $300.00 went beyond it.",
  );
  const [first = "", second = ""] = form.document
    .querySelectorAll("main form input")
    .map((input) => input.getAttribute("name") ?? "");
  const wrong = await browser.post(path, { [first]: "600.00", [second]: "300.00" });
  expect(wrong.status).toBe(422);
  expect(wrong.document.querySelector(`#${first}-error`)?.text).toContain(
    "The lines must add up to $950.00, which is all that is left of the payment. They add up to $900.00 now",
  );
  const saved = await browser.post(path, { [first]: "600.00", [second]: "350.00" });
  expect([saved.status, saved.location]).toEqual([303, page]);
  const shown = await browser.get(page);
  expect(shown.text).toContain("$300.00 went beyond the payment.");
  expect(shown.text).not.toContain("Choose lines");
});

test("staff see no payment's page, and another firm's bookkeeper none of ours", async () => {
  const staff = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  expect((await staff.get(page)).status).toBe(403);
  expect((await staff.post(`${page}/refund`, { step: "refund" })).status).toBe(403);
  const other = await makeDesk(box, [{ balanceMinor: 1n }]);
  const stranger = await openBrowser(other.cx, other.bookkeeper);
  expect((await stranger.get(page)).status).toBe(404);
  expect((await stranger.get(`${page}/refunds/${newId()}/lines`)).status).toBe(404);
  expect((await stranger.post(`${page}/refund`, { ...(await formOf()), step: "refund" })).status).toBe(404);
});

test("today names disputes by their deadline, lines to choose and refunds that failed", async () => {
  const id = await dispute(desk, { paymentId, amounts: [90_000n, 35_000n] });
  const failed = await receivePayment(desk, [{ statementId: null, amountMinor: 5_000n }]);
  const refundId = await refund(desk, { paymentId: failed, amounts: [5_000n] });
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    await tx
      .updateTable("dispute")
      .set({ evidence_due_at: new Date("2026-12-02T18:00:00Z"), reason: "fraudulent" })
      .where("id", "=", id)
      .execute();
    const failure = { state: "failed", failure_reason: "The card has expired or was canceled.", turn: 2 };
    await tx
      .updateTable("refund")
      .set(failure as { state: "failed" })
      .where("id", "=", refundId)
      .execute();
  });
  const { text } = await browser.get("/");
  expect(text).toContain("$1,250.00 from Adaeze Okafor is disputed");
  expect(text).toContain("Answer it at the card processor by Dec 2, 2026.");
  expect(text).toContain("A refund of $50.00 to Adaeze Okafor did not go through");
  const staff = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  expect((await staff.get("/")).text).not.toContain("is disputed");
});

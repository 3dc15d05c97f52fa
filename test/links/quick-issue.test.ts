import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { linkUrl } from "../../src/links/address.ts";
import { issueQuickLink } from "../../src/links/quick-issue.ts";
import type { QuickInput } from "../../src/links/quick-request.ts";
import { makeMember } from "../support/world.ts";
import { dayAhead, useQuickStage } from "./quick-stage.ts";
import { problemOf } from "./stage.ts";

const { stage, read, typed, issueQuick, addAccount, requestJobs, auditOf } = useQuickStage();

const settings = (change: { part_payments_allowed?: boolean }) =>
  read((tx) => tx.updateTable("firm_settings").set(change).execute());

describe("a Quick Link", () => {
  it("is made as it was typed, on no statement, and its email is on the way", async () => {
    const dueOn = dayAhead(10);
    const link = await issueQuick({ invoiceNumber: " TR-0619 ", dueOn });
    expect(link).toMatchObject({
      source: "quick",
      merchant_account_id: stage.firm.operatingAccountId,
      account_kind: "operating",
      currency: "USD",
      amount_minor: 250_000n,
      state: "outstanding",
      delivery: "queued",
      send_count: 1,
      description: "Advice on the lease",
      invoice_number: "TR-0619",
      payer_name: "Elena Vasquez",
      payer_emails: ["elena@vasquezmail.example"],
      due_on: dueOn,
      matter_id: null,
      part_payment_allowed: false,
    });
    expect(await requestJobs(link.request_id)).toHaveLength(1);
    const allocations = await read((tx) =>
      tx.selectFrom("link_allocation").selectAll().where("link_id", "=", link.id).execute(),
    );
    expect(allocations).toEqual([]);
  });

  it("is emailed to nobody when its sender copies it", async () => {
    const link = await issueQuick({ delivery: "copy", payerEmails: [] });
    expect(link).toMatchObject({ delivery: "not_emailed", send_count: 0, payer_emails: [] });
    expect(await requestJobs(link.request_id)).toEqual([]);
  });

  it("goes to several addresses, to each once", async () => {
    const link = await issueQuick({ payerEmails: ["a@x.example", "A@x.example", "b@x.example"] });
    expect(link.payer_emails).toEqual(["A@x.example", "b@x.example"]);
  });

  it("is recorded without an address and without what opens it", async () => {
    const link = await issueQuick();
    const audit = await auditOf(link.id);
    expect(audit.map((event) => event.action)).toEqual(["link.issued"]);
    const text = JSON.stringify(audit.map((event) => event.after));
    expect(text).toContain(link.reference);
    expect(text).not.toContain("vasquezmail");
    expect(text).not.toContain(linkUrl(stage.cx, link).split("/p/")[1]);
  });

  it("runs out on the day that was typed, else when the firm's links do", async () => {
    const own = await issueQuick({ expiresOn: dayAhead(3) });
    const hours = (own.expires_at.getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(47);
    expect(hours).toBeLessThan(24 * 4 + 12);
    const usual = await issueQuick();
    expect((usual.expires_at.getTime() - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
  });
});

describe("its message", () => {
  it("is the firm's own where none was typed, with what was typed in its places", async () => {
    const body =
      "Dear {payer name}, from {firm}, {amount} due on {due date} for {statement numbers}, about {matter}.";
    await read((tx) =>
      tx
        .insertInto("message_template")
        .values({ firm_id: stage.firm.firmId, use: "request", language: "en", subject: "Please pay", body })
        .execute(),
    );
    const link = await issueQuick({ dueOn: "2099-11-30", invoiceNumber: "TR-0619" });
    expect(link.message).toBe(
      "Dear Elena Vasquez, from Marlow Keane LLP, $2,500.00 due on Monday, November 30, 2099 for TR-0619.",
    );
    await read((tx) => tx.deleteFrom("message_template").execute());
    expect((await issueQuick()).message).toContain("Your payment is due. You can pay");
  });

  it("fills the places of a message that was changed", async () => {
    expect((await issueQuick({ message: "{Payer Name}, until {due date}, please." })).message).toBe(
      "Elena Vasquez, please.",
    );
    expect((await problemOf(issueQuick({ message: "Dear {payer}, hello" }))).fields).toEqual({
      message: "There is no placeholder {payer}. Did you mean {payer name}?",
    });
  });
});

describe("paying less than the whole", () => {
  it("follows the firm's settings for fees, and never for trust unless the sender says so", async () => {
    await settings({ part_payments_allowed: true });
    const trust = { accountId: stage.firm.trustAccountId };
    expect(await issueQuick()).toMatchObject({ part_payment_allowed: true, least_amount_minor: 5_000n });
    expect(await issueQuick({ part: "no" })).toMatchObject({ part_payment_allowed: false });
    expect(await issueQuick(trust)).toMatchObject({ account_kind: "trust", part_payment_allowed: false });
    expect(await issueQuick({ ...trust, part: "yes" })).toMatchObject({ part_payment_allowed: true });
    await settings({ part_payments_allowed: false });
    expect(await issueQuick({ part: "yes", amount: "20" })).toMatchObject({ least_amount_minor: 2_000n });
  });
});

describe("the same form again", () => {
  it("returns the link that was made and sends nothing more, also when both come at once", async () => {
    const request = typed();
    const [one, two] = await Promise.all([
      issueQuickLink(stage.staff, request),
      issueQuickLink(stage.staff, request),
    ]);
    const three = await issueQuickLink(stage.staff, { ...request, amount: "9,999.00" });
    expect([two.id, three.id]).toEqual([one.id, one.id]);
    expect(three.amount_minor).toBe(250_000n);
    expect(await requestJobs(request.formId)).toHaveLength(1);
  });

  it("is refused to another member", async () => {
    const request = typed();
    await issueQuickLink(stage.staff, request);
    const colleague = await makeMember(stage.cx, stage.firm.firmId, "admin");
    expect((await problemOf(issueQuickLink(colleague, request))).code).toBe("conflict");
  });
});

describe("what is refused", () => {
  const refused = async (change: Partial<QuickInput>) => (await problemOf(issueQuick(change))).fields;

  it("names everything that is wrong at once, in the order of the form", async () => {
    const fields = await refused({
      accountId: "",
      amount: "0.00",
      dueOn: "2020-01-01",
      description: "",
      payerName: " ",
      payerEmails: ["elena.vasquez.example"],
    });
    expect(Object.entries(fields)).toEqual([
      ["accountId", "Choose the account that receives the payment"],
      ["amount", "Enter an amount of at least $0.50"],
      ["dueOn", "Due date must be today or later"],
      ["description", "Enter what the payment is for"],
      ["payerName", "Enter the payer's name"],
      ["payerEmails", "Enter each email address like name@example.com"],
    ]);
  });

  it.each([
    ["amount", "", "Enter the amount"],
    ["amount", "twelve", "Enter the amount in figures, like 1,250.00"],
    ["amount", "-5", "Enter an amount above zero"],
    ["amount", "(12.00)", "Enter an amount above zero"],
    ["amount", "0.49", "Enter an amount of at least $0.50"],
    ["amount", "1.005", "Enter the amount with at most two decimals, like 1,250.00"],
    ["amount", "1,000,000", "Enter an amount of 999,999.99 or less"],
    ["invoiceNumber", "9".repeat(61), "Enter a number of at most 60 characters"],
    ["invoiceNumber", "1\n2", "Enter the number in one line"],
    ["dueOn", "30.11.2026", "Enter the due date, like 2026-11-30"],
    ["dueOn", "2027-02-30", "Enter the due date, like 2026-11-30"],
    ["description", "x".repeat(201), "Enter at most 200 characters"],
    ["description", "see www.evil.example", "Enter what it is for without a web address"],
    ["payerName", "Go to https://evil.example", "Enter a name without a web address"],
    ["payerEmails", [], "Enter at least one email address, or copy the link yourself"],
    [
      "payerEmails",
      ["1", "2", "3", "4", "5", "6"].map((x) => `${x}@x.example`),
      "Enter at most 5 email addresses",
    ],
    ["message", "https://evil.example", "Leave web addresses out: the email has its own button"],
    ["expiresOn", "2020-01-01", "The last day must be today or later"],
    ["expiresOn", "2999-01-01", "Enter a day within one year"],
  ])("%s %j: %s", async (field, value, words) => {
    expect(await refused({ [field]: value })).toEqual({ [field]: words });
  });

  it("accepts a due date of today in the firm's zone", async () => {
    const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Chicago" }).format(new Date());
    expect((await issueQuick({ dueOn: today })).due_on).toBe(today);
  });

  it("is an account of another firm, one that is no longer in use, and one that does not exist", async () => {
    const words = { accountId: "Choose the account that receives the payment" };
    expect(await refused({ accountId: stage.other.operatingAccountId })).toEqual(words);
    expect(await refused({ accountId: await addAccount({ archived: true }) })).toEqual(words);
    expect(await refused({ accountId: newId() })).toEqual(words);
  });
});

describe("the account", () => {
  it("gives the link its kind and currency", async () => {
    const accountId = await addAccount({ currency: "CAD" });
    expect(await issueQuick({ accountId })).toMatchObject({
      merchant_account_id: accountId,
      currency: "CAD",
    });
    expect(await problemOf(issueQuick({ accountId, amount: "0.10" }))).toMatchObject({
      fields: { amount: "Enter an amount of at least CA$0.50" },
    });
  });

  it("needs no choice where there is only one", async () => {
    await read((tx) =>
      tx
        .updateTable("merchant_account")
        .set({ archived_at: new Date() })
        .where("id", "!=", stage.firm.trustAccountId)
        .execute(),
    );
    expect(await issueQuick({ accountId: "" })).toMatchObject({ account_kind: "trust" });
    await read((tx) =>
      tx
        .updateTable("merchant_account")
        .set({ archived_at: null })
        .where("id", "=", stage.firm.operatingAccountId)
        .execute(),
    );
  });

  it("is never another firm's, whoever asks", async () => {
    const problem = await problemOf(issueQuickLink(stage.stranger, typed()));
    expect(problem.fields).toEqual({ accountId: "Choose the account that receives the payment" });
  });
});

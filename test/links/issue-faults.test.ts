import { expect, test } from "vitest";
import { issueLinks } from "../../src/links/issue.ts";
import { fingerprint } from "../../src/links/plan.ts";
import { problemOf, useLinkStage } from "./stage.ts";

const { stage, read, matter, requestFor } = useLinkStage();

const allocationsOf = (linkId: string) =>
  read((tx) => tx.selectFrom("link_allocation").selectAll().where("link_id", "=", linkId).execute());
const linksOf = (requestId: string) =>
  read((tx) => tx.selectFrom("payment_link").selectAll().where("request_id", "=", requestId).execute());

test("more than the balance is asked for only with the member's word", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const lines = [{ statementId: statements[0]?.id ?? "", amountMinor: 100_000n }];
  const refused = await problemOf(issueLinks(stage.staff, requestFor(statements, { lines })));
  expect(refused.fields.confirmAboveBalance).toContain("balance $900.00");
  const { links } = await issueLinks(
    stage.staff,
    requestFor(statements, { lines, confirmAboveBalance: true }),
  );
  const [line] = await allocationsOf(links[0]?.id ?? "");
  expect(line).toMatchObject({
    amount_minor: 100_000n,
    balance_at_sending_minor: 90_000n,
    above_balance_confirmed: true,
  });
});

test("a balance that moved since the member looked is not sent", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const [statement] = statements;
  const expected = fingerprint([
    { statementId: statement?.id ?? "", balanceMinor: 90_000n, amountMinor: 90_000n },
  ]);
  await read((tx) =>
    tx
      .updateTable("statement")
      .set({ balance_minor: 80_000n })
      .where("id", "=", statement?.id ?? "")
      .execute(),
  );
  const request = requestFor(statements, { expected, confirmAboveBalance: true });
  const problem = await problemOf(issueLinks(stage.staff, request));
  expect([problem.code, problem.message]).toEqual(["conflict", expect.stringContaining("A balance changed")]);
  expect(await linksOf(request.formId)).toEqual([]);
});

test.each([
  [{ state: "paid" as const }, "is no longer open"],
  [{ state: "void" as const }, "is no longer open"],
  [{ deleted_at: new Date() }, "is no longer open"],
  [{ balance_minor: 0n }, "is no longer open"],
])("a statement that is %o meanwhile is not asked for", async (change, words) => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  await read((tx) =>
    tx
      .updateTable("statement")
      .set(change)
      .where("id", "=", statements[0]?.id ?? "")
      .execute(),
  );
  const problem = await problemOf(issueLinks(stage.staff, requestFor(statements)));
  expect(problem.code).toBe("conflict");
  expect(problem.message).toContain(words);
});

test("a firm without an account of the kind is told what an administrator must do, and nothing is made", async () => {
  const { statements } = await matter([
    { balanceMinor: 90_000n },
    { balanceMinor: 500_000n, kind: "trust_request" },
  ]);
  const isDefault = (is_default: boolean) =>
    read((tx) =>
      tx
        .updateTable("merchant_account")
        .set({ is_default })
        .where("id", "=", stage.firm.trustAccountId)
        .execute(),
    );
  await isDefault(false);
  const request = requestFor(statements);
  const problem = await problemOf(issueLinks(stage.staff, request));
  await isDefault(true);
  expect(problem.message).toContain("no default trust account");
  expect(problem.message).toContain("An administrator must add one");
  expect(await linksOf(request.formId)).toEqual([]);
});

test("part payment follows the firm's setting for operating money and is never allowed for trust", async () => {
  await read((tx) =>
    tx
      .updateTable("firm_settings")
      .set({ part_payments_allowed: true, least_part_payment_minor: 5_000n })
      .execute(),
  );
  const { statements } = await matter([
    { balanceMinor: 4_000n },
    { balanceMinor: 500_000n, kind: "trust_request" },
  ]);
  const { links } = await issueLinks(stage.staff, requestFor(statements));
  await read((tx) => tx.updateTable("firm_settings").set({ part_payments_allowed: false }).execute());
  expect(links.map((link) => [link.part_payment_allowed, link.least_amount_minor])).toEqual([
    [true, 4_000n],
    [false, null],
  ]);
});

test.each([
  [{ payerName: "" }, "payerName", "Enter the payer's name"],
  [{ payerName: "Ana\r\nBcc: x@evil.example" }, "payerName", "Enter the name in one line"],
  [{ payerName: "Pay at https://evil.example" }, "payerName", "Enter a name without a web address"],
  [{ payerEmails: ["nobody"] }, "payerEmails", "Enter each email address like name@example.com"],
  [
    { payerEmails: ["a@b.example\r\nBcc: c@d.example"] },
    "payerEmails",
    "Enter each email address like name@example.com",
  ],
  [{ payerEmails: [] }, "payerEmails", "Enter at least one email address, or copy the link yourself"],
  [
    { payerEmails: ["a", "b", "c", "d", "e", "f"].map((name) => `${name}@x.example`) },
    "payerEmails",
    "Enter at most 5 email addresses",
  ],
  [
    { message: "Pay at www.evil.example" },
    "message",
    "Leave web addresses out: the email has its own button",
  ],
  [{ message: "a\u0000b" }, "message", "Write the message in plain text"],
  [{ dueOn: "2026-02-30" }, "dueOn", "Enter the due date"],
  [{ lines: [] }, "lines", "Choose at least one statement"],
])("%o is refused beside its field", async (change, field, words) => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const problem = await problemOf(issueLinks(stage.staff, requestFor(statements, change)));
  expect([problem.code, problem.fields[field]]).toEqual(["invalid", words]);
});

test("a link below what the card processor takes is refused", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const lines = [{ statementId: statements[0]?.id ?? "", amountMinor: 49n }];
  const problem = await problemOf(issueLinks(stage.staff, requestFor(statements, { lines })));
  expect(problem.fields.lines).toBe("A link asks for $0.50 to $999,999.99");
});

test("an address that is typed twice is written to once", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const payerEmails = ["a@x.example", "A@x.example", "b@x.example"];
  const { links } = await issueLinks(stage.staff, requestFor(statements, { payerEmails }));
  expect(links[0]?.payer_emails).toHaveLength(2);
});

test("a statement of another firm is as good as not there", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const problem = await problemOf(issueLinks(stage.stranger, requestFor(statements)));
  expect(problem.code).toBe("not_found");
});

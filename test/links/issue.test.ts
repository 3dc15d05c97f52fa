import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { linkUrl } from "../../src/links/address.ts";
import { issueLinks } from "../../src/links/issue.ts";
import { addToBasket } from "../../src/statements/basket.ts";
import { readBasket } from "../../src/statements/read-basket.ts";
import { makeMember } from "../support/world.ts";
import { problemOf, useLinkStage } from "./stage.ts";

const { stage, read, matter, requestFor, auditOf, jobs } = useLinkStage();

const allocationsOf = (linkId: string) =>
  read((tx) =>
    tx.selectFrom("link_allocation").selectAll().where("link_id", "=", linkId).orderBy("position").execute(),
  );
const linksOf = (requestId: string) =>
  read((tx) => tx.selectFrom("payment_link").selectAll().where("request_id", "=", requestId).execute());
const jobsOf = async (requestId: string) =>
  (await jobs("delivery.request")).filter((job) => job.payload.requestId === requestId);

test("statements of one kind make one link into the default account, with an allocation per statement", async () => {
  const { statements, matterId } = await matter([{ balanceMinor: 90_000n }, { balanceMinor: 250_000n }]);
  const request = requestFor(statements, { dueOn: "2026-12-12" });
  const { links } = await issueLinks(stage.staff, request);
  expect(links).toHaveLength(1);
  expect(links[0]).toMatchObject({
    source: "matters",
    request_id: request.formId,
    merchant_account_id: stage.firm.operatingAccountId,
    account_kind: "operating",
    amount_minor: 340_000n,
    state: "outstanding",
    delivery: "queued",
    send_count: 1,
    matter_id: matterId,
    matter_label: "10482-003 Warehouse lease dispute",
    client_name: "Okafor Logistics, Inc.",
    due_on: "2026-12-12",
    description: `Statements ${statements[0]?.number} and ${statements[1]?.number}`,
    part_payment_allowed: false,
    created_by: stage.staff.actor.id,
  });
  expect(links[0]?.reference).toMatch(/^SFP-[0-9A-HJKMNP-TV-Z]{7}$/);
  expect(links[0]?.message).toContain("Thank you for trusting Marlow Keane LLP");
  expect(links[0]?.message).toContain("Saturday, December 12, 2026");
  const lines = await allocationsOf(links[0]?.id ?? "");
  expect(lines.map((line) => [line.statement_id, line.amount_minor, line.balance_at_sending_minor])).toEqual(
    statements.map((statement) => [statement.id, statement.balanceMinor, statement.balanceMinor]),
  );
  expect(await jobsOf(request.formId)).toHaveLength(1);
});

test("the link lives as long as the firm's setting says", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const [link] = (await issueLinks(stage.staff, requestFor(statements))).links;
  const days = ((link?.expires_at.getTime() ?? 0) - (link?.created_at.getTime() ?? 0)) / 86_400_000;
  expect(days).toBe(30);
});

test("operating and trust money make two links of one request, and never one", async () => {
  const { statements } = await matter([
    { balanceMinor: 90_000n },
    { balanceMinor: 500_000n, kind: "trust_request" },
  ]);
  const request = requestFor(statements);
  const { links } = await issueLinks(stage.staff, request);
  expect(links.map((link) => [link.account_kind, link.amount_minor, link.merchant_account_id])).toEqual([
    ["operating", 90_000n, stage.firm.operatingAccountId],
    ["trust", 500_000n, stage.firm.trustAccountId],
  ]);
  expect(new Set(links.map((link) => link.request_id))).toEqual(new Set([request.formId]));
  expect(await jobsOf(request.formId)).toHaveLength(1);
});

test("the same form sent again, even at once, gives the first result and sends nothing twice", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const request = requestFor(statements);
  const results = await Promise.all([1, 2, 3, 4].map(() => issueLinks(stage.staff, request)));
  expect(new Set(results.map((result) => result.links[0]?.id)).size).toBe(1);
  expect(await linksOf(request.formId)).toHaveLength(1);
  expect(await jobsOf(request.formId)).toHaveLength(1);
});

test("a form of somebody else is refused", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const request = requestFor(statements);
  await issueLinks(stage.staff, request);
  const colleague = await makeMember(stage.cx, stage.firm.firmId, "staff", "Tobias Ellery");
  expect((await problemOf(issueLinks(colleague, request))).code).toBe("conflict");
});

test("a copied link is not emailed", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const request = requestFor(statements, { delivery: "copy", payerEmails: [] });
  const [link] = (await issueLinks(stage.staff, request)).links;
  expect(link).toMatchObject({ delivery: "not_emailed", send_count: 0 });
  expect(await jobsOf(request.formId)).toEqual([]);
  expect(link && linkUrl(stage.cx, link)).toMatch(/^http:\/\/127\.0\.0\.1:4000\/p\/[\w-]{64}$/);
});

test("what is sent leaves the basket, and the rest stays", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }, { balanceMinor: 70_000n }]);
  const [first, second] = statements;
  if (!first || !second) throw new Error("two statements");
  await addToBasket(stage.staff, [first.id, second.id]);
  await issueLinks(stage.staff, requestFor([first]));
  const { lines } = await readBasket(stage.staff);
  expect(lines.map((line) => line.statement.id)).toEqual([second.id]);
});

test("the record says what was asked, and holds neither an address nor a token", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const [link] = (await issueLinks(stage.staff, requestFor(statements))).links;
  const events = await auditOf(link?.id ?? "");
  expect(events).toMatchObject([
    {
      action: "link.issued",
      actor_id: stage.staff.actor.id,
      after: {
        reference: link?.reference,
        amountMinor: "90000",
        statements: [statements[0]?.number],
        recipients: 1,
      },
    },
  ]);
  expect(JSON.stringify(events.map((event) => event.after))).not.toMatch(/@|\/p\//);
  const payloads = JSON.stringify(await jobs("delivery.request"));
  expect(payloads).not.toMatch(/@|\/p\//);
});

test("the database itself keeps a request from making two links into one account", async () => {
  const { statements } = await matter([{ balanceMinor: 90_000n }]);
  const [link] = (await issueLinks(stage.staff, requestFor(statements))).links;
  const same = [
    "firm_id",
    "source",
    "request_id",
    "merchant_account_id",
    "account_kind",
    "currency",
    "amount_minor",
    "state",
    "delivery",
    "description",
    "payer_name",
    "created_by",
    "expires_at",
  ] as const;
  const copy = read((tx) =>
    tx
      .insertInto("payment_link")
      .columns(["id", "reference", ...same])
      .expression((eb) =>
        eb
          .selectFrom("payment_link")
          .select((from) => [from.val(newId()).as("id"), from.val("SFP-COPY").as("reference"), ...same])
          .where("id", "=", link?.id ?? ""),
      )
      .execute(),
  );
  await expect(copy).rejects.toMatchObject({ constraint: "payment_link_request_once" });
});

import { describe, expect, it } from "vitest";
import { dayOf, formatLongDay } from "../../src/base/day.ts";
import { newId } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { moveLink } from "../../src/links/move.ts";
import { type LinkRow, lockLink } from "../../src/links/queries.ts";
import { issueQuickLink } from "../../src/links/quick-issue.ts";
import { makeSuccessor } from "../../src/links/successor.ts";
import { useLinkStage } from "./stage.ts";

const { stage, issued, pay, read } = useLinkStage();

/** The firm's own words of a request. */
const setWords = (body: string) =>
  read(async (tx) => {
    await tx.deleteFrom("message_template").execute();
    await tx
      .insertInto("message_template")
      .values({ firm_id: stage.firm.firmId, use: "request", language: "en", subject: "A request", body })
      .execute();
  });

const close = (link: LinkRow, to: "part_paid" | "expired") =>
  withFirm(stage.cx.database, stage.firm.firmId, async (tx) =>
    moveLink(tx, stage.staff, await lockLink(tx, stage.firm.firmId, link.id), to),
  );

const rest = (link: LinkRow) => makeSuccessor(stage.staff, { linkId: link.id, delivery: "email" });

/** A link over $1,250.00 and more, of whose first statement $500.00 were paid. */
async function partPaid(...[wishes, change]: Parameters<typeof issued>): Promise<LinkRow> {
  const { link, matter } = await issued(wishes, change);
  await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor: 50_000n }]);
  await close(link, "part_paid");
  return link;
}

describe("the message of a link for the rest", () => {
  it("names the rest and the new last day, where the firm's words name amount and expiry", async () => {
    await setWords("Please pay {amount} for {statement numbers} until {link expiry}.");
    const link = await partPaid();
    expect(link.message).toContain("$1,250.00");
    const successor = await rest(link);
    expect(successor.message).toMatch(/^Please pay \$750\.00 for \S+ until \w+, \w+ \d+, \d{4}\.$/);
  });

  it("gives way to the firm's words where somebody's own name the first amount", async () => {
    await setWords("Please pay {amount}.");
    const link = await partPaid(undefined, { message: "Dear Adaeze,\n\n{amount} is open since March." });
    expect(link.message).toBe("Dear Adaeze,\n\n$1,250.00 is open since March.");
    expect((await rest(link)).message).toBe("Please pay $750.00.");
  });

  it("stays what somebody wrote, where it names nothing that has changed", async () => {
    await setWords("Please pay {amount}.");
    const link = await partPaid(undefined, { message: "As discussed on the phone, {payer name}." });
    expect((await rest(link)).message).toBe("As discussed on the phone, Adaeze Okafor.");
  });

  it("gives way where one of two links of a request has a rest and the message names both together", async () => {
    await setWords("Please pay {amount}.");
    const { links, matter } = await issued([
      { balanceMinor: 125_000n },
      { balanceMinor: 400_000n, kind: "trust_request" },
    ]);
    const link = links.find((each) => each.account_kind === "operating");
    if (!link) throw new Error("no operating link");
    expect(link.message).toBe("Please pay $5,250.00.");
    await pay(link, [{ statementId: matter.statements[0]?.id ?? "", amountMinor: 50_000n }]);
    await close(link, "part_paid");
    expect((await rest(link)).message).toBe("Please pay $750.00.");
  });

  it("of an expired link that was extended names the new last day", async () => {
    await setWords("Please pay {amount} until {link expiry}.");
    const { link } = await issued();
    const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000);
    const promised = formatLongDay(dayOf(daysFromNow(-30), "America/Chicago"));
    const message = `Please pay $1,250.00 until ${promised}.`;
    const times = { created_at: daysFromNow(-60), expires_at: daysFromNow(-2) };
    await read((tx) =>
      tx
        .updateTable("payment_link")
        .set({ message, ...times })
        .where("id", "=", link.id)
        .execute(),
    );
    await close(link, "expired");
    const fresh = formatLongDay(dayOf(daysFromNow(30), "America/Chicago"));
    expect((await rest(link)).message).toBe(`Please pay $1,250.00 until ${fresh}.`);
  });

  it("of a Quick Link names the new last day of what is left", async () => {
    await setWords("Please pay {amount} of {statement numbers} until {link expiry}.");
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
    await pay(link, [{ statementId: null, amountMinor: 30_000n }]);
    await close(link, "part_paid");
    expect((await rest(link)).message).toMatch(/^Please pay \$600\.00 of 20391 until /);
  });
});

describe("a trust request", () => {
  const trust = [{ balanceMinor: 400_000n, kind: "trust_request" as const }];

  it("is paid as it was asked, unless its sender allowed another amount", async () => {
    expect((await issued(trust)).link).toMatchObject({
      part_payment_allowed: false,
      least_amount_minor: null,
    });
    const { link } = await issued(trust, { trustPartAllowed: true });
    expect(link.part_payment_allowed).toBe(true);
    expect(link.least_amount_minor).toBeGreaterThan(0n);
  });

  it("hands what its sender allowed on to the link for the rest", async () => {
    const { link } = await issued(trust, { trustPartAllowed: true });
    await close(link, "expired");
    expect((await rest(link)).part_payment_allowed).toBe(true);
    const { link: strict } = await issued(trust);
    await close(strict, "expired");
    expect((await rest(strict)).part_payment_allowed).toBe(false);
  });

  it("beside an invoice leaves the invoice to the firm's setting", async () => {
    const { links } = await issued([{ balanceMinor: 125_000n }, ...trust], { trustPartAllowed: true });
    const { part_payments_allowed: isAllowed } = await read((tx) =>
      tx.selectFrom("firm_settings").select("part_payments_allowed").executeTakeFirstOrThrow(),
    );
    expect(links.map((link) => [link.account_kind, link.part_payment_allowed])).toEqual([
      ["operating", isAllowed],
      ["trust", true],
    ]);
  });
});

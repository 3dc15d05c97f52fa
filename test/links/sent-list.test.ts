import { beforeAll, describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { readQuery } from "../../src/links/list-address.ts";
import { countLinks } from "../../src/links/list-count-queries.ts";
import { listSent } from "../../src/links/sent-queries.ts";
import { listScope } from "../../src/links/sent-scope.ts";
import { makeFirm, makeMember } from "../support/world.ts";
import { plantLink, plantMany } from "./sent-stage.ts";
import { useLinkStage } from "./stage.ts";

const ZONE = "America/Chicago";
const { box, stage, get, read } = useLinkStage();

const scope = () => listScope(stage.cx, stage.firm.firmId, ZONE);
/** The references that the list shows for a query, page by page when it is long. */
const referencesOf = async (query: string, pageSize = 25) => {
  const { place } = readQuery(query);
  const page = await read((tx) => listSent(tx, scope(), place, pageSize));
  return page.rows.map((row) => row.reference);
};

describe("filters", () => {
  beforeAll(async () => {
    const plant = (wish: Parameters<typeof plantLink>[2]) => plantLink(stage.staff, stage.firm, wish);
    // Late in the evening in Chicago it is the next day in Greenwich.
    await plant({
      reference: "LATE",
      createdAt: "2026-03-11T04:30:00Z",
      dueOn: "2026-04-01",
      amountMinor: 5_000n,
    });
    await plant({
      reference: "TRUST",
      account: "trust",
      createdAt: "2026-03-12T18:00:00Z",
      amountMinor: 250_000n,
    });
    await plant({
      reference: "BOUNCED",
      delivery: "bounced",
      source: "bulk",
      createdAt: "2026-03-13T18:00:00Z",
    });
    await plant({ reference: "VIEWED", viewedAt: "2026-03-14T12:00:00Z", createdAt: "2026-03-14T10:00:00Z" });
    await plant({ reference: "TRIED", triedAt: "2026-03-15T12:00:00Z", createdAt: "2026-03-15T10:00:00Z" });
    await plant({
      reference: "PAID",
      state: "payment_received",
      client: "Harlan & Pryce",
      createdAt: "2026-03-16T10:00:00Z",
    });
  });

  it("takes days as the firm's own, both ends included", async () => {
    expect(await referencesOf("sent_from=2026-03-10&sent_to=2026-03-10")).toEqual(["LATE"]);
    expect(await referencesOf("sent_from=2026-03-11&sent_to=2026-03-12")).toEqual(["TRUST"]);
    expect(await referencesOf("due_from=2026-04-01&due_to=2026-04-01")).toEqual(["LATE"]);
  });

  it("narrows down by amount, account, source, sender and how far the email came", async () => {
    expect(await referencesOf("least=50&most=50.00")).toEqual(["LATE"]);
    expect(await referencesOf("least=1,250.01")).toEqual(["TRUST"]);
    expect(await referencesOf(`account=${stage.firm.trustAccountId}`)).toEqual(["TRUST"]);
    expect(await referencesOf("source=bulk")).toEqual(["BOUNCED"]);
    expect(await referencesOf(`sender=${stage.stranger.actor.id}`)).toEqual([]);
    expect(await referencesOf("delivery=bounced")).toEqual(["BOUNCED"]);
    expect(await referencesOf("delivery=viewed")).toEqual(["VIEWED"]);
    expect(await referencesOf("delivery=tried")).toEqual(["TRIED"]);
    expect(await referencesOf("delivery=not_viewed&tab=outstanding&sort=sent")).toEqual([
      "LATE",
      "TRUST",
      "BOUNCED",
      "TRIED",
    ]);
  });

  it("counts age from the day of sending and lateness from the due date", async () => {
    const day = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString();
    const plant = (reference: string, age: number, dueOn: string) =>
      plantLink(stage.staff, stage.firm, { reference, createdAt: day(age), dueOn, client: "Ageing" });
    await plant("AGE-30", 30, day(5).slice(0, 10));
    await plant("AGE-31", 31, day(31).slice(0, 10));
    await plant("AGE-91", 91, day(95).slice(0, 10));
    expect(await referencesOf("q=ageing&age=0-30")).toEqual(["AGE-30"]);
    expect(await referencesOf("q=ageing&age=31-60")).toEqual(["AGE-31"]);
    expect(await referencesOf("q=ageing&age=91")).toEqual(["AGE-91"]);
    expect(await referencesOf("q=ageing&overdue=1&sort=sent")).toEqual(["AGE-91", "AGE-31", "AGE-30"]);
    expect(await referencesOf("q=ageing&overdue=91")).toEqual(["AGE-91"]);
  });

  it("finds the links that expire within some days, and only those that can still be paid", async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    await plantLink(stage.staff, stage.firm, { reference: "SOON", expiresAt: inDays(2) });
    await plantLink(stage.staff, stage.firm, {
      reference: "SOON-PAID",
      expiresAt: inDays(2),
      state: "payment_received",
    });
    expect(await referencesOf("expires=3")).toEqual(["SOON"]);
    expect(await referencesOf("expires=1")).toEqual([]);
  });

  it("says in a sentence what it cannot read, keeps what was typed and shows no list", async () => {
    const wrong: [string, string, string][] = [
      ["sent_from", "03/10/2026", "Sent from: enter the date like 2026-11-30"],
      ["due_to", "2026-02-30", "Due until: enter the date like 2026-11-30"],
      ["least", "many", "Amount from: enter the amount in figures, like 1,250.00"],
      ["most", "-5", "Amount up to: enter an amount above zero"],
      ["expires", "soon", "Enter a whole number of days, from 1 to 366"],
      ["expires", "0", "Enter a whole number of days, from 1 to 366"],
      ["account", "x", "Choose an account from the list"],
      ["sender", "x", "Choose a sender from the list"],
      ["source", "fax", "Choose a source from the list"],
      ["delivery", "lost", "Choose a delivery from the list"],
      ["age", "old", "Choose an age from the list"],
      ["overdue", "very", "Choose from the list"],
      ["batch", "x", "Open the uploaded file from Bulk Upload"],
    ];
    for (const [field, typed, sentence] of wrong) {
      const answer = await get(`/sent?${field}=${encodeURIComponent(typed)}`, stage.staff);
      const html = await answer.text();
      expect({ field, status: answer.status }).toEqual({ field, status: 422 });
      expect(html).toContain(sentence);
      expect(html).toContain(`href="#${field}"`);
      expect(html).not.toContain("Okafor Logistics");
    }
    const turned = await get("/sent?sent_from=2026-03-12&sent_to=2026-03-11&least=9&most=8", stage.staff);
    const html = await turned.text();
    expect(html).toContain("Sent until: enter a last day that is not before the first");
    expect(html).toContain("Amount up to: enter a largest amount that is not below the smallest");
    expect(html).toContain('value="2026-03-12"');
  });

  it("shows each filter as a chip that takes it away and keeps the rest of the address", async () => {
    const html = await (
      await get("/sent?tab=outstanding&q=okafor&least=10&source=quick&sort=due", stage.staff)
    ).text();
    expect(html).toContain("Amount: from $10.00");
    expect(html).toContain('href="/sent?tab=outstanding&amp;q=okafor&amp;source=quick&amp;sort=due"');
    expect(html).toContain('href="/sent?tab=outstanding&amp;q=okafor&amp;least=10.00&amp;sort=due"');
  });
});

describe("a link whose time is up", () => {
  it("counts and reads as expired at once, before any job has closed it", async () => {
    const firm = await makeFirm(stage.cx);
    const member = await makeMember(stage.cx, firm.firmId, "staff");
    await plantLink(member, firm, { reference: "OPEN" });
    await plantLink(member, firm, { reference: "OVER", expiresAt: "2026-01-01T00:00:00Z" });
    const [outstanding, expired] = await Promise.all(
      ["outstanding", "expired"].map(async (tab) => (await get(`/sent?tab=${tab}`, member)).text()),
    );
    expect(outstanding).toContain("OPEN");
    expect(outstanding).not.toContain("OVER");
    expect(expired).toContain("OVER");
    expect(expired).not.toMatch(/>OPEN</);
    for (const query of ["", "q=okafor"]) {
      const here = listScope(stage.cx, firm.firmId, ZONE);
      const counts = await withFirm(stage.cx.database, firm.firmId, (tx) =>
        countLinks(tx, here, readQuery(query).place.filter),
      );
      expect(Object.fromEntries(counts.byState)).toMatchObject({ outstanding: 1, expired: 1 });
      expect(counts.total).toBe(2);
    }
  });
});

describe("the search", () => {
  it("says when more match than are looked at", async () => {
    const firm = await makeFirm(stage.cx);
    const member = await makeMember(stage.cx, firm.firmId, "staff");
    await plantMany(box, member, firm, 10_001);
    const html = await (await get("/sent?q=statement", member)).text();
    expect(html).toContain("More than 10,000 links match this search.");
    expect(html).toContain("10,000");
    expect(await (await get("/sent?q=sfp-0000007", member)).text()).not.toContain("More than 10,000");
  });

  it("shows nothing of another firm, whatever is asked for", async () => {
    for (const query of ["", "?q=okafor", "?sort=client", "?tab=outstanding&least=1"]) {
      expect(await (await get(`/sent${query}`, stage.stranger)).text()).not.toContain("Okafor");
    }
  });
});

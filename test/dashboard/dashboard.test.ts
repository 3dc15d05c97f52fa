import type { HTMLElement } from "node-html-parser";
import { expect, test } from "vitest";
import { addDays } from "../../src/base/day.ts";
import { newId, newReference } from "../../src/base/id.ts";
import type { Role } from "../../src/base/permission.ts";
import { layOutWeeks, mondayOf } from "../../src/dashboard/weeks.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { openBrowser } from "../postings/browser.ts";
import { type Desk, makeDesk, receivePrepared, setConnection } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, testContext } from "../support/world.ts";

const box = useDatabase();
const DAY_MS = 86_400_000;

type LinkFacts = {
  amountMinor: bigint;
  ageDays?: number;
  expiresInDays?: number;
  delivery?: "delivered" | "bounced";
  deliveryReason?: string;
  triedReason?: string;
  state?: "outstanding" | "cancelled";
};

async function addLink(desk: Desk, facts: LinkFacts): Promise<string> {
  const id = newId();
  const { firmId, operatingAccountId } = desk.firm;
  await withFirm(desk.cx.database, firmId, (tx) =>
    tx
      .insertInto("payment_link")
      .values({
        firm_id: firmId,
        id,
        reference: newReference("LNK", 8),
        source: "quick",
        request_id: newId(),
        merchant_account_id: operatingAccountId,
        account_kind: "operating",
        currency: "USD",
        amount_minor: facts.amountMinor,
        state: facts.state ?? "outstanding",
        delivery: facts.delivery ?? "delivered",
        delivery_reason: facts.deliveryReason ?? null,
        description: "Statement 20377",
        payer_name: "Harlan Pryce",
        created_by: desk.bookkeeper.actor.id,
        created_at: new Date(desk.clock.at - (facts.ageDays ?? 0) * DAY_MS),
        expires_at: new Date(desk.clock.at + (facts.expiresInDays ?? 20) * DAY_MS),
        due_on: "2026-01-01",
        tried_at: facts.triedReason === undefined ? null : new Date(desk.clock.at - DAY_MS),
        tried_reason: facts.triedReason ?? null,
      })
      .execute(),
  );
  return id;
}

async function todayOf(desk: Desk, role: Role = "bookkeeper") {
  const member = await makeMember(desk.cx, desk.firm.firmId, role);
  return await (await openBrowser(desk.cx, member)).get("/");
}

test("a quiet firm is told that nothing needs a person", async () => {
  const page = await todayOf(await makeDesk(box, [{ balanceMinor: 100n }]));
  expect(page.status).toBe(200);
  expect(page.text).toContain("Nothing needs a person.");
  expect(page.document.querySelector('a[href="/matters"].button')).not.toBeNull();
});

test("a firm without a matter system is told who can authorize one", async () => {
  const cx = testContext(box);
  const firm = await makeFirm(cx);
  const show = async (role: Role) =>
    (await openBrowser(cx, await makeMember(cx, firm.firmId, role))).get("/");
  const admin = await show("admin");
  expect(admin.document.querySelector('.empty-state a[href="/settings/connections"]')).not.toBeNull();
  expect(admin.text).toContain("Authorize your matter system");
  const staff = await show("staff");
  expect(staff.text).toContain("Ask an administrator of your firm");
  expect(staff.document.querySelector(".empty-state a")).toBeNull();
});

test("what needs a person stands in the order of urgency, each with its way out", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await setConnection(desk, { state: "needs_authorization" });
  await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]);
  const declined = await addLink(desk, { amountMinor: 5_000n, triedReason: "The card was declined" });
  const bounced = await addLink(desk, {
    amountMinor: 1_482_000n,
    delivery: "bounced",
    deliveryReason: "There is no such mailbox",
  });
  await addLink(desk, { amountMinor: 7_000n, expiresInDays: 2 });
  const page = await todayOf(desk, "admin");
  expect(page.document.querySelectorAll(".queue strong").map((title) => title.text)).toEqual([
    "Docket must be authorized again",
    "This money has no statement yet",
    "A payment of Harlan Pryce was declined",
    "The email to Harlan Pryce bounced",
    "1 link expires within 3 days with $70.00 unpaid",
  ]);
  expect(page.document.querySelectorAll(".queue .button").map((way) => way.getAttribute("href"))).toEqual([
    "/settings/connections",
    "/postings?tab=needs-attention",
    `/links/${declined}`,
    `/links/${bounced}#fix`,
    "/sent?tab=outstanding&expires=3",
  ]);
  expect(page.text).toContain("5 items need a person.");
  expect(page.text).toContain("There is no such mailbox.");
});

test("staff see neither postings nor a way to settings", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await setConnection(desk, { state: "needs_authorization" });
  await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]);
  const page = await todayOf(desk, "staff");
  expect(page.text).not.toContain("To post");
  expect(page.document.querySelector('main a[href^="/postings"]')).toBeNull();
  expect(page.document.querySelector('main a[href^="/settings"]')).toBeNull();
  expect(page.text).toContain("1 item needs a person.");
});

test("what is too much to name is counted", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  for (let count = 0; count < 5; count += 1) await addLink(desk, { amountMinor: 500n, delivery: "bounced" });
  const page = await todayOf(desk);
  expect(page.text).toContain("2 more emails that bounced");
  expect(page.text).toContain("5 items need a person.");
  const all = page.document.querySelectorAll(".queue .button").at(-1);
  expect([all?.text.trim(), all?.getAttribute("href")]).toEqual([
    "Show all 5",
    "/sent?tab=outstanding&delivery=bounced",
  ]);
});

test("one kind of work is looked at alone, with more of it named; an unknown kind is all of it", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  for (let count = 0; count < 5; count += 1) await addLink(desk, { amountMinor: 500n, delivery: "bounced" });
  await addLink(desk, { amountMinor: 700n, triedReason: "The card was declined" });
  const member = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  const chipsOf = (page: { document: HTMLElement }) =>
    page.document.querySelectorAll(".section-head .chip").map((chip) => chip.text.trim());
  const all = await member.get("/?kind=everything");
  expect(chipsOf(all)).toEqual(["All 6", "Declined 1", "Bounced 5"]);
  expect(all.document.querySelectorAll(".queue li")).toHaveLength(5);
  const bounced = await member.get("/?kind=bounced");
  expect(bounced.document.querySelector(".chip[aria-current]")?.text.trim()).toBe("Bounced 5");
  expect(bounced.document.querySelectorAll(".queue li")).toHaveLength(5);
  expect(bounced.text).toContain("6 items need a person.");
  const none = await member.get("/?kind=expiring");
  expect(none.text).toContain("Nothing of this kind is left.");
});

test("the figures are those of open links and received payments", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await addLink(desk, { amountMinor: 100_000n, ageDays: 1 });
  await addLink(desk, { amountMinor: 50_000n, ageDays: 45 });
  await addLink(desk, { amountMinor: 25_000n, ageDays: 120 });
  await addLink(desk, { amountMinor: 99_900n, ageDays: 1, state: "cancelled" });
  await receivePrepared(desk, [{ statementId: null, amountMinor: 33_300n }]);
  const page = await todayOf(desk);
  const tiles = page.document.querySelectorAll(".tile").map((tile) => tile.text.replace(/\s+/g, " "));
  expect(tiles[0]).toContain("$1,750.00");
  expect(tiles[0]).toContain("3 links, 3 past due");
  expect(tiles[2]).toContain("$333.00");
  expect(tiles[2]).toContain("1 payment");
  expect(tiles[3]).toContain("1 needs attention, 0 ready, 0 on their way");
  const ages = page.document.querySelectorAll(".ageing .money").map((amount) => amount.text);
  expect(ages).toEqual(["$1,000.00", "$500.00", "$0.00", "$250.00"]);
});

test("the first load of a matter system shows how far it is", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx
      .insertInto("sync_run")
      .values({
        firm_id: desk.firm.firmId,
        id: newId(),
        connection_id: desk.matter.connectionId,
        kind: "first",
        state: "running",
        family: "matters",
        records_read: 1_250,
      })
      .execute(),
  );
  const page = await todayOf(desk, "staff");
  expect(page.text).toContain("Reading Docket for the first time");
  expect(page.text).toContain("Reading matters");
  expect(page.text).toContain("1,250 records so far");
});

test("a firm sees nothing of another's work", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await addLink(desk, { amountMinor: 500n, delivery: "bounced" });
  const page = await todayOf(await makeDesk(box, [{ balanceMinor: 100n }]));
  expect(page.text).toContain("Nothing needs a person.");
  expect(page.text).not.toContain("Harlan Pryce");
});

test("Today is for those who are signed in", async () => {
  const desk = await makeDesk(box, []);
  const page = await (await openBrowser(desk.cx)).get("/");
  expect([page.status, page.location]).toEqual([303, "/signin?next=%2F"]);
});

test("weeks begin on Monday, and a week without money is there too", () => {
  expect(mondayOf("2026-11-22")).toBe("2026-11-16");
  expect(mondayOf("2026-11-16")).toBe("2026-11-16");
  const sum = { week: "2026-11-16", currency: "USD", count: 2, amountMinor: 500n };
  const weeks = layOutWeeks("2026-11-18", "USD", [sum, { ...sum, currency: "CAD", amountMinor: 9n }], []);
  expect(weeks).toHaveLength(12);
  expect(weeks[0]?.monday).toBe(addDays("2026-11-16", -77));
  expect(weeks.at(-1)).toEqual({
    monday: "2026-11-16",
    sunday: "2026-11-22",
    requestedMinor: 500n,
    requestedCount: 4,
    receivedMinor: 0n,
    receivedCount: 0,
  });
});

test("who asked for a fresh link is among the work until there is one", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  const asked = await addLink(desk, { amountMinor: 5_000n, expiresInDays: -1 });
  const extended = await addLink(desk, { amountMinor: 6_000n, expiresInDays: 5 });
  const ask = (id: string) =>
    withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
      tx
        .updateTable("payment_link")
        .set({ fresh_asked_at: new Date(desk.clock.at - 1000) })
        .where("id", "=", id)
        .execute(),
    );
  await ask(asked);
  await ask(extended);
  const page = await todayOf(desk);
  expect(page.text.match(/asked for a fresh link/g)).toHaveLength(1);
  expect(page.document.querySelector(`a[href="/links/${asked}"]`)).not.toBeNull();
  const next = await addLink(desk, { amountMinor: 5_000n });
  await withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
    tx.updateTable("payment_link").set({ predecessor_id: asked }).where("id", "=", next).execute(),
  );
  expect((await todayOf(desk)).text).not.toContain("asked for a fresh link");
});

test("a captcha whose keys do not work heads the work, and an administrator is led to its keys", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  const set = (captcha: "recaptcha" | "off") =>
    withFirm(desk.cx.database, desk.firm.firmId, (tx) =>
      tx
        .updateTable("firm_settings")
        .set({
          captcha,
          captcha_site_key: "site",
          captcha_secret_sealed: "sealed",
          captcha_trouble: "secret",
          captcha_trouble_at: new Date(),
        })
        .where("firm_id", "=", desk.firm.firmId)
        .execute(),
    );
  await set("recaptcha");
  const admin = await todayOf(desk, "admin");
  expect(admin.text).toContain("Payers cannot pay: the captcha does not work");
  expect(admin.document.querySelector('a[href="/settings/security"].button')).not.toBeNull();
  const staff = await todayOf(desk, "staff");
  expect(staff.text).toContain("An administrator of your firm can correct it.");
  await set("off");
  expect((await todayOf(desk)).text).not.toContain("the captcha does not work");
});

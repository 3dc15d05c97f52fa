import type { HTMLElement } from "node-html-parser";
import { expect, test } from "vitest";
import { newId, newReference } from "../../src/base/id.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { insertAccount } from "../../src/settings/queries.ts";
import { openBrowser } from "../postings/browser.ts";
import { type Desk, makeDesk, receivePosted, receivePrepared, write } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";

const box = useDatabase();
const DAY_MS = 86_400_000;
const LINKS = 160;
const SEEDS = [11, 42];
const FIGURE = /(?:^|\s)([\d,]+)(?:\s|$)/;

/** A row of numbers that looks random and is the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

/** Links of all states, ages, currencies and fortunes. */
async function scatter(desk: Desk, seed: number): Promise<void> {
  const roll = dice(seed);
  const { firmId, operatingAccountId } = desk.firm;
  const pick = <Value>(values: readonly Value[]) => values[roll(values.length)] as Value;
  const at = (days: number) => new Date(desk.clock.at + days * DAY_MS - roll(DAY_MS));
  await withFirm(desk.cx.database, firmId, async (tx) => {
    const other = newId();
    await insertAccount(tx, {
      firm_id: firmId,
      id: other,
      name: "Toronto operating",
      kind: "operating",
      processor_account: `acct_${other}`,
      last4: "7781",
      currency: "CAD",
      fees_payer: "account",
      archived_at: null,
    });
    for (let count = 0; count < LINKS; count += 1) {
      const isOther = roll(6) === 0;
      const expiresInDays = pick([-3, 1, 2, 3, 4, 20]);
      const hasTried = roll(5) === 0;
      await tx
        .insertInto("payment_link")
        .values({
          firm_id: firmId,
          id: newId(),
          reference: newReference("LNK", 8),
          source: "quick",
          request_id: newId(),
          merchant_account_id: isOther ? other : operatingAccountId,
          account_kind: "operating",
          currency: isOther ? "CAD" : "USD",
          amount_minor: BigInt(100 + roll(1_000_000)),
          state: pick(["outstanding", "outstanding", "outstanding", "cancelled", "expired"]),
          delivery: pick(["delivered", "bounced", "not_emailed"]),
          description: "Statement 20377",
          payer_name: "Harlan Pryce",
          created_by: desk.bookkeeper.actor.id,
          created_at: at(-pick([0, 1, 5, 7, 14, 29, 30, 31, 32, 60, 61, 62, 90, 91, 92, 200])),
          expires_at: at(expiresInDays),
          due_on: pick([
            null,
            "2020-01-01",
            at(0).toISOString().slice(0, 10),
            at(9).toISOString().slice(0, 10),
          ]),
          first_viewed_at: roll(2) === 0 ? null : at(-1),
          tried_at: hasTried ? at(-pick([1, 20])) : null,
          tried_reason: hasTried ? "The card was declined" : null,
          fresh_asked_at: roll(4) === 0 ? at(-2) : null,
        })
        .execute();
    }
  });
}

/** How many rows the list behind a figure says that it holds. */
function listed(href: string, document: HTMLElement): number {
  const text = document.querySelector("main")?.text.replace(/\s+/g, " ") ?? "";
  if (href.startsWith("/?")) return document.querySelectorAll(".queue li").length;
  if (href.startsWith("/postings")) {
    const tab = document.querySelector(".tabs [aria-current=page] span");
    return Number(tab?.text.replaceAll(",", "") ?? Number.NaN);
  }
  const found = (href.startsWith("/sent") ? / of ([\d,]+) links/ : /–[\d,]+ of ([\d,]+)/).exec(text);
  if (found) return Number(found[1]?.replaceAll(",", ""));
  return /No (\w+ )*links|No payments/.test(text) ? 0 : Number.NaN;
}

test.each(SEEDS)("every figure says as many as the list behind it holds (%i)", async (seed) => {
  const desk = await makeDesk(box, [{ balanceMinor: 90_000n }, { balanceMinor: 50_000n }]);
  await scatter(desk, seed);
  await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]);
  await receivePrepared(desk, [{ statementId: null, amountMinor: 1_000n }]);
  for (const posting of await receivePosted(desk)) await write(desk, posting);
  const bookkeeper = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "bookkeeper"));
  const today = await bookkeeper.get("/");
  const figures = today.document
    .querySelectorAll("main a")
    .map((link) => ({
      href: link.getAttribute("href") ?? "",
      words: link.querySelector("small")?.text ?? link.text.replace(/\s+/g, " ").trim(),
    }))
    .filter(
      ({ href, words }) =>
        /^\/(sent|received|written|postings|\?kind=fresh)/.test(href) && FIGURE.test(words),
    );
  const compared = new Set<string>();
  for (const { href, words } of figures) {
    const said = Number(FIGURE.exec(words)?.[1]?.replaceAll(",", ""));
    const page = await bookkeeper.get(href);
    expect(page.status).toBe(200);
    expect(`${href}: ${listed(href, page.document)}`).toBe(`${href}: ${said}`);
    compared.add(href);
  }
  for (const href of [
    "/sent?tab=outstanding",
    "/sent?tab=outstanding&overdue=1",
    "/sent?tab=outstanding&expires=3",
    "/sent?tab=outstanding&delivery=bounced",
    "/sent?tab=outstanding&delivery=tried",
    ...["0-30", "31-60", "61-90", "91"].map((age) => `/sent?tab=outstanding&age=${age}`),
    "/?kind=fresh",
    "/postings?tab=needs-attention",
  ])
    expect([...compared]).toContain(href);
  expect([...compared].filter((href) => href.startsWith("/sent?sent_from="))).toHaveLength(12);
  expect([...compared].filter((href) => href.startsWith("/received?week="))).toHaveLength(12);
  for (const list of ["/received?month=", "/written?month="])
    expect([...compared].filter((href) => href.startsWith(list))).toHaveLength(1);
});

test("the payments of a week are those of the firm, and a week that is not shown is this one", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]);
  const staff = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  const list = await staff.get("/received?week=1999-01-04");
  expect(list.text).toContain("$600.00");
  expect(list.text).toContain("1–1 of 1");
  expect((await staff.get("/received?week=nonsense&page=7")).location).toMatch(/^\/received\?week=[\d-]+$/);
  const other = await makeDesk(box, [{ balanceMinor: 100n }]);
  const stranger = await openBrowser(other.cx, await makeMember(other.cx, other.firm.firmId, "admin"));
  expect((await stranger.get("/received")).text).toContain("No payments in this week");
});

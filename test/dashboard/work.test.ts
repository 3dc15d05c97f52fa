import type { HTMLElement } from "node-html-parser";
import { expect, test } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { openBrowser } from "../postings/browser.ts";
import { makeDesk, receivePrepared, setConnection } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { addLink, todayOf } from "./stage.ts";

const box = useDatabase();

test("staff see neither postings nor a way to settings", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await setConnection(desk, { state: "needs_authorization" });
  await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]);
  const page = await todayOf(desk, "staff");
  expect(page.text).not.toContain("Postings written first time");
  expect(page.document.querySelector('main a[href^="/written"]')).toBeNull();
  expect(page.document.querySelector('main a[href^="/postings"]')).toBeNull();
  expect(page.document.querySelector('main a[href^="/settings"]')).toBeNull();
  expect(page.text).toContain("1 item needs a person.");
});

test("what needs a person stands in the order of urgency, each with its way out", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 100n }]);
  await setConnection(desk, { state: "needs_authorization" });
  const [posting] = await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]);
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
    `/postings/${posting?.id}`,
    `/links/${declined}`,
    `/links/${bounced}#fix`,
    "/sent?tab=outstanding&expires=3",
  ]);
  expect(page.text).toContain("5 items need a person.");
  expect(page.text).toContain("There is no such mailbox.");
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

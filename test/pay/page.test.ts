import { expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { useStage } from "../payments/stage.ts";
import { bank, card } from "../sandbox/processor/stand.ts";

const stage = useStage();
const HUMAN = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-User": "?1" };

const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  stage.app().request(path, { headers, method });

async function deliverAll(): Promise<void> {
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
}

test("the page says who asks, how much, for what and into which account", async () => {
  const link = await stage.makeLink({ statements: [50_000n, 75_000n] });
  const response = await get(stage.pathOf(link));
  expect(response.status).toBe(200);
  const page = await response.text();
  for (const text of [
    "Amount due to Marlow Keane LLP",
    "$1,250.00",
    "$500.00",
    "$750.00",
    "operating account",
  ])
    expect(page).toContain(text);
  expect(page).toContain("Continue to pay $1,250.00");
  expect(page).not.toContain("<script");
  expect(page).not.toContain("Another amount");
});

test("a trust request says in words where the money goes", async () => {
  const link = await stage.makeLink({ isTrust: true });
  expect(await (await get(stage.pathOf(link))).text()).toContain(
    "This payment goes into the firm’s client trust account",
  );
});

test("the page is private, in no frame, and its form may lead to the processor", async () => {
  const { headers } = await get(stage.pathOf(await stage.makeLink()));
  expect(headers.get("X-Robots-Tag")).toBe("noindex, nofollow");
  expect(headers.get("Cache-Control")).toBe("no-store");
  expect(headers.get("Referrer-Policy")).toBe("same-origin");
  const policy = headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(`form-action 'self' ${stage.stage.cx.config.checkoutOrigin}`);
});

test("what a firm wrote is shown as text", async () => {
  const link = await stage.makeLink({ statements: [], amountMinor: 5_000n });
  await stage.inFirm("update payment_link set description = $2 where id = $1", [link.id, "<b>bold</b>"]);
  const page = await (await get(stage.pathOf(link))).text();
  expect(page).toContain("&lt;b&gt;bold&lt;/b&gt;");
});

test("every link that does not work gets the same page", async () => {
  const link = await stage.makeLink();
  const token = stage.pathOf(link).slice("/p/".length);
  const last = token.endsWith("A") ? "B" : "A";
  const { vault } = stage.stage.cx;
  const broken = [
    "x",
    "a".repeat(64),
    `${token.slice(0, -1)}${last}`,
    vault.makeToken("link", newId(), 1),
    vault.makeToken("link", link.id, 2),
    vault.makeToken("signIn", link.id, 1),
    `${token}%00`,
  ];
  const pages: string[] = [];
  for (const wrong of broken) {
    for (const path of [`/p/${wrong}`, `/p/${wrong}/back?checkout=${newId()}`]) {
      const response = await get(path);
      expect([response.status, response.headers.get("X-Robots-Tag")], wrong).toEqual([
        404,
        "noindex, nofollow",
      ]);
      // Each page's own nonce is not the link's matter.
      pages.push((await response.text()).replace(/nonce="[^"]+"/, ""));
    }
  }
  expect(new Set(pages).size).toBe(1);
  expect(pages[0]).toContain("This link does not work");
  expect(pages[0]).not.toContain("Marlow");
  expect((await stage.post(`/p/${"a".repeat(64)}`, { how: "full" })).status).toBe(404);
});

test("an address that was replaced by a newer one does not work", async () => {
  const link = await stage.makeLink();
  await stage.inFirm("update payment_link set token_version = 2 where id = $1", [link.id]);
  expect((await get(stage.pathOf(link))).status).toBe(404);
  expect((await get(stage.pathOf({ ...link, token_version: 2 }))).status).toBe(200);
});

test("the first view stays, and the last one moves on", async () => {
  const link = await stage.makeLink();
  const path = stage.pathOf(link);
  await get(path, HUMAN);
  const first = await stage.link(link.id);
  stage.clock.aheadMs = 60_000;
  await get(path, HUMAN);
  const second = await stage.link(link.id);
  expect(second.first_viewed_at).toEqual(first.first_viewed_at);
  expect(second.last_viewed_at?.getTime()).toBeGreaterThan(first.last_viewed_at?.getTime() ?? Infinity);
  expect(second.state).toBe("outstanding");
});

test("after a payment the page is the receipt", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  await deliverAll();
  const page = await (await get(stage.pathOf(link))).text();
  const [payment] = await stage.payments(link.id);
  for (const text of ["Payment received", "$1,250.00", "Visa ··4242", payment?.reference ?? "?", "CST"])
    expect(page).toContain(text);
  expect(page).toContain("cannot be paid a second time");
  expect(page).not.toContain("<form");
});

test("after a part payment the page shows the rest and leads to the link for it", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  await stage.submit(await stage.begin(link, { how: "other", other: "400" }), card());
  await deliverAll();
  const before = await (await get(stage.pathOf(link))).text();
  for (const text of ["$400.00", "$850.00", "can send a new one for the rest"])
    expect(before).toContain(text);
  const successor = await stage.makeLink();
  await stage.inFirm("update payment_link set predecessor_id = $1 where id = $2", [link.id, successor.id]);
  const after = await (await get(stage.pathOf(link))).text();
  expect(after).toContain(stage.pathOf(successor));
  expect(after).toContain("Pay the rest");
});

test("a bank debit under way asks not to pay again", async () => {
  const link = await stage.makeLink({ isTrust: true });
  await stage.submit(await stage.begin(link, { method: "bank" }), bank());
  for (const event of await stage.events(stage.stage.firm.processorAccounts.trust))
    await stage.deliver(event);
  await stage.drain();
  const page = await (await get(stage.pathOf(link))).text();
  expect(page).toContain("please do not pay again");
  expect(page).toContain("Client trust account of Marlow Keane LLP");
});

test("a cancelled link says so", async () => {
  const page = await (await get(stage.pathOf(await stage.makeLink({ state: "cancelled" })))).text();
  expect(page).toContain("This payment request was withdrawn");
  expect(page).not.toContain("<form");
});

test("a link that works asks for no fresh one", async () => {
  const link = await stage.makeLink();
  expect((await stage.post(`${stage.pathOf(link)}/fresh`)).status).toBe(409);
  expect((await stage.link(link.id)).tried_reason).toBeNull();
});

test("no token and no address reaches the log, the jobs or the record", async () => {
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link, { receipt: "secret@payer.example" }), card());
  await deliverAll();
  const token = stage.pathOf(link).slice("/p/".length);
  const audit = await stage.inFirm("select * from audit_event");
  const everything = JSON.stringify([stage.log.lines, audit, stage.handled], (_key, value) =>
    typeof value === "bigint" ? value.toString() : value,
  );
  expect(everything).not.toContain(token);
  expect(everything).not.toContain("secret@payer.example");
});

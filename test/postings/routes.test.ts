import { expect, test } from "vitest";
import { releasePostings } from "../../src/postings/release.ts";
import { setAside } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import {
  first,
  look,
  makeDesk,
  receivePosted,
  receivePrepared,
  setConnection,
  setStatement,
  write,
} from "./desk.ts";

const box = useDatabase();

async function deskWithUnlaid() {
  const desk = await makeDesk(box, [
    { balanceMinor: 60_000n },
    { balanceMinor: 10_000n, kind: "trust_request" },
  ]);
  const posting = first(await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]));
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  return { desk, posting, browser };
}

test("the page opens on what needs attention, with the fixes beside the problem", async () => {
  const { posting, browser } = await deskWithUnlaid();
  const page = await browser.get("/postings");
  expect(page.status).toBe(200);
  expect(page.document.querySelector(".tabs [aria-current=page]")?.text).toMatch(/Needs attention\s*1/);
  expect(page.text).toContain("This money has no statement yet.");
  expect(page.text).toContain("$600.00");
  const fixes = page.document.querySelectorAll(".cell-note .button").map((button) => button.text.trim());
  expect(fixes).toEqual(["Choose statement", "Hold as unapplied", "Mark as posted by hand", "Set aside"]);
  expect(page.document.querySelector(`a[href^="/postings/${posting.id}/statement"]`)).not.toBeNull();
});

test("without anything to attend to it opens on everything", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  const posting = first(await receivePosted(desk));
  await write(desk, posting);
  const page = await (await openBrowser(desk.cx, desk.bookkeeper)).get("/postings");
  expect(page.document.querySelector(".tabs [aria-current=page]")?.text).toMatch(/All\s*1/);
  expect(page.text).toContain("ent_1");
});

test("a firm without payments sees what will stand here", async () => {
  const desk = await makeDesk(box, []);
  const page = await (await openBrowser(desk.cx, desk.bookkeeper)).get("/postings");
  expect(page.text).toContain("No postings yet");
});

test("a statement is searched for and chosen; what does not fit comes back with what was typed", async () => {
  const { desk, posting, browser } = await deskWithUnlaid();
  const statement = first(desk.matter.statements);
  const form = await browser.get(`/postings/${posting.id}/statement?q=${statement.number}`);
  expect(
    form.document.querySelectorAll("input[name=statement]").map((box) => box.getAttribute("value")),
  ).toEqual([statement.id]);
  const refused = await browser.post(`/postings/${posting.id}/statement`, {
    q: statement.number,
    statement: statement.id,
    amount: "700",
  });
  expect(refused.status).toBe(422);
  expect(refused.document.querySelector("input[name=amount]")?.getAttribute("value")).toBe("700");
  expect(refused.document.querySelector(`input[value="${statement.id}"]`)?.hasAttribute("checked")).toBe(
    true,
  );
  expect(refused.document.querySelector(".error-summary a")?.getAttribute("href")).toBe("#amount");

  const taken = await browser.post(`/postings/${posting.id}/statement`, {
    statement: statement.id,
    amount: "600.00",
  });
  expect([taken.status, taken.location]).toEqual([303, "/postings"]);
  expect((await look(desk, posting)).state).toBe("ready");
});

test("only invoices are offered for money in operating, and none that does not match", async () => {
  const { posting, browser } = await deskWithUnlaid();
  const all = await browser.get(`/postings/${posting.id}/statement`);
  expect(all.document.querySelectorAll("input[name=statement]")).toHaveLength(1);
  const none = await browser.get(`/postings/${posting.id}/statement?q=nothing-like-it`);
  expect(none.text).toContain("No open statement matches");
});

test("a posting is marked by hand with the number typed in", async () => {
  const { desk, posting, browser } = await deskWithUnlaid();
  const path = `/postings/${posting.id}/by-hand`;
  expect((await browser.get(path)).status).toBe(200);
  const refused = await browser.post(path, { number: "", postedOn: "2026-11-20" });
  expect(refused.status).toBe(422);
  const done = await browser.post(path, { number: "DKT-1", postedOn: "2026-11-20" });
  expect(done.status).toBe(303);
  expect(await look(desk, posting)).toMatchObject({ state: "posted", external_id: "DKT-1" });
  const again = await browser.post(path, { number: "DKT-2", postedOn: "2026-11-20" });
  expect(again.notice).toContain("was decided meanwhile");
});

test("a posting is set aside with a reason, which is shown with who did it, and put back", async () => {
  const { desk, posting, browser } = await deskWithUnlaid();
  const path = `/postings/${posting.id}/set-aside`;
  expect((await browser.post(path, { reason: "" })).status).toBe(422);
  expect((await browser.post(path, { reason: "Client is asked" })).status).toBe(303);
  const page = await browser.get("/postings?tab=set-aside");
  expect(page.text).toContain("Client is asked");
  expect(page.text).toMatch(/Last decided by Ines Ferrer, /);
  const back = await browser.post(`/postings/${posting.id}/put-back`, { tab: "set-aside" });
  expect([back.status, back.location]).toEqual([303, "/postings?tab=set-aside"]);
  expect((await look(desk, posting)).state).toBe("needs_attention");
});

test("selected payments are posted; what is hindered is told with its reason", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { posting_release: "manual" });
  const [ready] = await receivePosted(desk);
  const [unlaid] = await receivePrepared(desk, [{ statementId: null, amountMinor: 500n }]);
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const page = await browser.get("/postings?tab=ready");
  expect(page.text).toContain("Waits for its release.");
  const none = await browser.post("/postings/release", { tab: "ready" });
  expect(none.notice).toContain("Select at least one payment.");
  const both = await browser.post("/postings/release", {
    payment: [ready?.payment_id ?? "", unlaid?.payment_id ?? ""],
  });
  expect(both.notice).toContain("1 posting is on its way. Not posted: 1.");
  expect((await look(desk, first([ready].flatMap((each) => each ?? [])))).released_by).toBe(
    desk.bookkeeper.actor.id,
  );
});

test("a payment is found by its reference, and accounts are kept apart", async () => {
  const desk = await makeDesk(box, [
    { balanceMinor: 40_000n },
    { balanceMinor: 9_000n, kind: "trust_request" },
  ]);
  const [invoice, request] = desk.matter.statements;
  const operating = await receivePrepared(desk, [{ statementId: invoice?.id ?? "", amountMinor: 40_000n }]);
  const trust = await receivePrepared(desk, [{ statementId: request?.id ?? "", amountMinor: 9_000n }], {
    kind: "trust",
  });
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const shown = async (query: string) =>
    (await browser.get(`/postings?${query}`)).document
      .querySelectorAll("input[name=payment]")
      .map((box) => box.getAttribute("value"));
  expect(await shown("account=trust")).toEqual([first(trust).payment_id]);
  expect(await shown("account=operating")).toEqual([first(operating).payment_id]);
  expect(await shown(`q=${first(trust).reference.toLowerCase()}`)).toEqual([first(trust).payment_id]);
  expect(await shown("q=okafor")).toHaveLength(2);
  expect((await browser.get("/postings?q=nobody")).text).toContain("Nothing matches");
});

test("more payments than fit stand on further pages, each once", async () => {
  const desk = await makeDesk(box, []);
  for (let count = 0; count < 27; count += 1) {
    await receivePrepared(desk, [{ statementId: null, amountMinor: 500n }]);
  }
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const idsOf = (page: Awaited<ReturnType<typeof browser.get>>) =>
    page.document.querySelectorAll("input[name=payment]").map((box) => box.getAttribute("value"));
  const one = await browser.get("/postings");
  const next = one.document.querySelector("a[rel=next]")?.getAttribute("href") ?? "";
  const two = await browser.get(next);
  expect(idsOf(one)).toHaveLength(25);
  expect(new Set([...idsOf(one), ...idsOf(two)]).size).toBe(27);
  expect(two.document.querySelector("a[rel=next]")).toBeNull();
  const [chosen = ""] = idsOf(two);
  const form = two.document.querySelector("form[action='/postings/release']");
  const hidden = form?.querySelectorAll("input[type=hidden]") ?? [];
  const fields = Object.fromEntries(
    hidden.map((field) => [field.getAttribute("name") ?? "", field.getAttribute("value") ?? ""]),
  );
  // What is done on a page leads back to it.
  expect((await browser.post("/postings/retry", { ...fields, payment: chosen })).location).toBe(next);
  const back = await browser.get(two.document.querySelector("a[rel=prev]")?.getAttribute("href") ?? "");
  expect(idsOf(back)).toEqual(idsOf(one));
  const gone = await browser.get("/postings?tab=all&after=00000000-0000-4000-8000-000000000000");
  expect([gone.status, gone.location]).toEqual([303, "/postings?tab=all"]);
});

test("each state of a posting can be drawn", async () => {
  const desk = await makeDesk(box, [
    { balanceMinor: 40_000n },
    { balanceMinor: 30_000n },
    { balanceMinor: 20_000n },
  ]);
  const [lost, waiting, aside] = await receivePosted(desk);
  if (!lost || !waiting || !aside) throw new Error("three postings are needed");
  desk.system.writeMishaps = ["lost", "outage"];
  await write(desk, lost);
  // The neighbor goes while it is not yet time to look for the lost one.
  await releasePostings(desk.bookkeeper, { postingIds: [waiting.id] });
  await write(desk, waiting);
  await setAside(desk.bookkeeper, { postingId: aside.id, reason: "Wait" });
  const page = await (await openBrowser(desk.cx, desk.bookkeeper)).get("/postings?tab=all");
  expect(page.text).toContain("Docket cannot be reached. The payment is safe. Next try ");
  expect(page.text).toContain("The answer of Docket was lost.");
  expect(page.text).toContain("0 of 3 posted");
});

test("staff are kept out, and nobody sees or moves the postings of another firm", async () => {
  const { desk, posting } = await deskWithUnlaid();
  const staff = await openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, "staff"));
  const other = await makeDesk(box, []);
  const stranger = await openBrowser(desk.cx, other.bookkeeper);
  const visitor = await openBrowser(desk.cx);
  const pages = ["statement", "by-hand", "set-aside", "absent"].map(
    (name) => `/postings/${posting.id}/${name}`,
  );
  const posts: [string, Record<string, string>][] = [
    [`/postings/${posting.id}/statement`, { statement: first(desk.matter.statements).id, amount: "600" }],
    [`/postings/${posting.id}/by-hand`, { number: "1", postedOn: "2026-11-20" }],
    [`/postings/${posting.id}/set-aside`, { reason: "Wait" }],
    [`/postings/${posting.id}/absent`, {}],
    [`/postings/${posting.id}/release`, {}],
    [`/postings/${posting.id}/put-back`, {}],
  ];
  for (const path of pages) {
    expect((await staff.get(path)).status).toBe(403);
    expect((await stranger.get(path)).status).toBe(404);
    expect((await visitor.get(path)).location).toMatch(/^\/signin/);
  }
  for (const [path, fields] of posts) {
    expect((await staff.post(path, fields)).status).toBe(403);
    expect((await stranger.post(path, fields)).status).toBe(404);
    expect((await visitor.post(path, fields)).status).toBe(401);
  }
  expect((await staff.get("/postings")).status).toBe(403);
  expect((await stranger.get("/postings?tab=all")).text).toContain("No postings yet");
  expect((await stranger.post("/postings/release", { payment: posting.payment_id })).notice).toContain(
    "Nothing of these payments waits for this.",
  );
  expect(await look(desk, posting)).toEqual(posting);
});

test("an address that names no posting leads to no page", async () => {
  const { browser, desk } = await deskWithUnlaid();
  await setStatement(desk, first(desk.matter.statements).id, { state: "void" });
  expect((await browser.get("/postings/nothing/by-hand")).status).toBe(404);
  expect((await browser.post("/postings/nothing/release")).status).toBe(404);
});

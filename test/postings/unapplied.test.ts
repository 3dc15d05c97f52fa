import { expect, test } from "vitest";
import { holdUnapplied, putBack, setAside, setAsideMany } from "../../src/postings/set-aside.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import { first, historyOf, look, makeDesk, receivePosted, receivePrepared, write } from "./desk.ts";

const box = useDatabase();

async function deskWithUnlaid() {
  const desk = await makeDesk(box, [{ balanceMinor: 60_000n }]);
  const posting = first(await receivePrepared(desk, [{ statementId: null, amountMinor: 60_000n }]));
  return { desk, posting, browser: await openBrowser(desk.cx, desk.bookkeeper) };
}

test("money is held as unapplied with a reason, under a count of its own, and taken up again", async () => {
  const { desk, posting, browser } = await deskWithUnlaid();
  const other = first(await receivePosted(desk));
  await setAside(desk.bookkeeper, { postingId: other.id, reason: "Entered by the client" });
  const path = `/postings/${posting.id}/hold`;
  expect((await browser.get(path)).text).toContain("stays with the firm");
  expect((await browser.post(path, { reason: " " })).text).toContain("Enter the reason");
  const held = await browser.post(path, { reason: "Asked the client on Monday" });
  expect(held.notice).toContain("Held as unapplied");
  expect(await look(desk, posting)).toMatchObject({ state: "set_aside", is_unapplied: true });

  const list = await browser.get("/postings?tab=set-aside");
  expect(list.text).toContain("Held as unapplied: 1");
  expect(list.text).toContain("Entered by the client");
  const only = await browser.get("/postings?tab=set-aside&held=unapplied");
  expect(only.text).toContain("Asked the client on Monday");
  expect(only.text).not.toContain("Entered by the client");
  expect(only.text).toContain("Take up again");

  await putBack(desk.bookkeeper, { postingId: posting.id });
  expect(await look(desk, posting)).toMatchObject({ state: "needs_attention", is_unapplied: false });
  expect((await browser.get("/postings?tab=set-aside")).text).toContain("Held as unapplied: 0");
  expect(await historyOf(desk, posting)).toEqual(["posting.prepared", "posting.held", "posting.putBack"]);
});

test("what may be written already is not held as unapplied", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], {
    capabilities: ["postPayment"],
    duplicates: "none",
  });
  const posting = first(await receivePosted(desk));
  desk.system.writeMishaps = ["lost"];
  await write(desk, posting);
  desk.clock.at += 60_000;
  await write(desk, posting);
  await expect(
    holdUnapplied(desk.bookkeeper, { postingId: posting.id, reason: "Nobody knows" }),
  ).rejects.toMatchObject({ code: "conflict" });
});

test("what is posted is not held, staff may not, and another firm's money is not there", async () => {
  const { desk, posting } = await deskWithUnlaid();
  const input = { postingId: posting.id, reason: "Nobody knows" };
  const staff = await makeMember(desk.cx, desk.firm.firmId, "staff");
  const stranger = (await makeDesk(box, [])).bookkeeper;
  await expect(holdUnapplied(staff, input)).rejects.toMatchObject({ code: "forbidden" });
  await expect(holdUnapplied(stranger, input)).rejects.toMatchObject({ code: "not_found" });
  const posted = first(await receivePosted(desk));
  await write(desk, posted);
  await expect(
    holdUnapplied(desk.bookkeeper, { postingId: posted.id, reason: "Late" }),
  ).rejects.toMatchObject({ code: "conflict" });
});

test("several payments are set aside at once for one reason; what was decided meanwhile is named", async () => {
  const { desk, posting, browser } = await deskWithUnlaid();
  const second = first(await receivePrepared(desk, [{ statementId: null, amountMinor: 5_000n }]));
  const chosen = await browser.post("/postings/set-aside/selected", {
    payment: [posting.payment_id, second.payment_id],
  });
  expect(chosen.status).toBe(303);
  const page = await browser.get(chosen.location ?? "");
  expect(page.text).toContain("Set 2 postings aside");
  const payments = [posting.payment_id, second.payment_id];
  const refused = await browser.post("/postings/set-aside", { payment: payments, reason: "" });
  expect(refused.status).toBe(422);
  const done = await browser.post("/postings/set-aside", { payment: payments, reason: "Year end" });
  expect(done.notice).toContain("2 postings are set aside.");
  expect((await look(desk, second)).set_aside_reason).toBe("Year end");

  const late = await setAsideMany(desk.bookkeeper, { postingIds: [posting.id], reason: "Again" });
  expect(late).toMatchObject({ done: 0, skipped: [expect.stringContaining("was decided meanwhile")] });
  expect((await browser.post("/postings/set-aside/selected")).notice).toContain(
    "Select at least one payment",
  );
  expect((await browser.get(`/postings/set-aside?payment=${posting.payment_id}`)).notice).toContain(
    "None of these payments",
  );
});

import { expect, test } from "vitest";
import { addDays } from "../../src/base/day.ts";
import { newId } from "../../src/base/id.ts";
import type { Role } from "../../src/base/permission.ts";
import { layOutWeeks, mondayOf } from "../../src/dashboard/weeks.ts";
import { withFirm } from "../../src/db/tenant.ts";
import { openBrowser } from "../postings/browser.ts";
import { makeDesk, receivePrepared } from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeFirm, makeMember, testContext } from "../support/world.ts";
import { addLink, todayOf } from "./stage.ts";

const box = useDatabase();

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
  expect(tiles[1]).toContain("$333.00");
  expect(tiles[1]).toContain("1 payment");
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

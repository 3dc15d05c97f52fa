import { expect, test } from "vitest";
import { dayOf, instantAt } from "../../src/base/day.ts";
import { monthName, shownMonths } from "../../src/dashboard/months.ts";
import { withFirm } from "../../src/db/tenant.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { openBrowser } from "../postings/browser.ts";
import {
  type Desk,
  makeDesk,
  postingsOf,
  receivePayment,
  receivePosted,
  receivePrepared,
  write,
} from "../postings/desk.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { todayOf } from "./stage.ts";

const box = useDatabase();
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TIME_ZONE = "America/Chicago";
const NOW = Date.now();
const MONTHS = shownMonths(dayOf(new Date(NOW), TIME_ZONE));
const [THIS, LAST] = [monthName(MONTHS.current), monthName(MONTHS.previous)];
/** The last minute of the month before, in Chicago; in UTC it is this month. */
const END_OF_LAST = instantAt(`${MONTHS.current}-01`, 0, TIME_ZONE).getTime() - 60_000;
/** Within the month before that one. */
const LONG_AGO = END_OF_LAST - 32 * DAY_MS;

/** A payment that arrived at an instant, so many days after its link was made. */
async function paid(desk: Desk, at: number, days: number) {
  const receivedAt = new Date(at);
  const part = { statementId: null, amountMinor: 1_000n };
  const id = await receivePayment(desk, [part], { receivedAt });
  await withFirm(desk.cx.database, desk.firm.firmId, async (tx) => {
    const { link_id } = await tx
      .selectFrom("payment")
      .select("link_id")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    const created_at = new Date(receivedAt.getTime() - days * DAY_MS);
    await tx.updateTable("payment_link").set({ created_at }).where("id", "=", link_id).execute();
  });
}

async function deskNow(): Promise<Desk> {
  const desk = await makeDesk(box, [{ balanceMinor: 1_000n }]);
  desk.clock.at = NOW;
  return desk;
}

async function receiveOne(desk: Desk): Promise<PostingRow> {
  const [posting] = await receivePosted(desk);
  if (!posting) throw new Error("a posting was expected");
  return posting;
}

/** What a tile says: its figure, and the words under it. */
async function tileOf(desk: Desk, name: string) {
  const page = await todayOf(desk);
  const tile = page.document.querySelectorAll(".tile").find((each) => each.text.includes(name));
  if (!tile) throw new Error(`no tile ${name}`);
  const [figure, detail] = tile.querySelectorAll("dd").map((each) => each.text.replace(/\s+/g, " ").trim());
  const links = tile.querySelectorAll("a").map((link) => link.getAttribute("href") ?? "");
  return { figure, detail, links };
}

const browse = async (desk: Desk, role: "staff" | "bookkeeper" = "bookkeeper") =>
  openBrowser(desk.cx, await makeMember(desk.cx, desk.firm.firmId, role));

test("the days to pay are the median of this month, beside the month before, in the firm's zone", async () => {
  const desk = await deskNow();
  for (const days of [1, 6, 7, 40]) await paid(desk, NOW, days);
  for (const days of [8.1, 8.1, 100]) await paid(desk, END_OF_LAST, days);
  await paid(desk, LONG_AGO, 200);
  const tile = await tileOf(desk, "Median days to pay");
  expect(tile).toEqual({
    figure: "6.5",
    detail: `4 payments in ${THIS}, was 8.1 in ${LAST}`,
    links: [`/received?month=${MONTHS.current}`, `/received?month=${MONTHS.previous}`],
  });
  const member = await browse(desk, "staff");
  const november = await member.get(`/received?month=${MONTHS.current}`);
  expect(november.text).toContain("1–4 of 4");
  expect(november.text).toContain("the median is 6.5 days");
  expect(november.document.querySelectorAll("td[data-label='Days to pay']").map((cell) => cell.text)).toEqual(
    expect.arrayContaining(["1.0", "6.0", "7.0", "40.0"]),
  );
  const october = await member.get(`/received?month=${MONTHS.previous}`);
  expect(october.text).toContain("1–3 of 3");
  expect(october.text).toContain("the median is 8.1 days");
});

test("a link that was made after its payment, by another clock, took no days", async () => {
  const desk = await deskNow();
  await paid(desk, NOW, -1);
  expect((await tileOf(desk, "Median days to pay")).figure).toBe("0.0");
});

test("before the first payment of a month the figures say so, and still what the month before was", async () => {
  const desk = await deskNow();
  expect(await tileOf(desk, "Median days to pay")).toEqual({
    figure: "None yet",
    detail: `No payments in ${THIS}`,
    links: [],
  });
  expect(await tileOf(desk, "Postings written first time")).toMatchObject({
    figure: "None yet",
    detail: `Nothing written in ${THIS} 0 need attention, 0 ready, 0 on their way`,
  });
  await paid(desk, END_OF_LAST, 3);
  expect((await tileOf(desk, "Median days to pay")).detail).toBe(
    `No payments in ${THIS}, was 3.0 in ${LAST}`,
  );
  const member = await browse(desk);
  expect((await member.get(`/received?month=${MONTHS.current}`)).text).toContain("No payments in this month");
  expect((await member.get(`/written?month=${MONTHS.current}`)).text).toContain(`No postings in ${THIS}`);
  expect((await member.get("/received?month=1999-01&page=4")).location).toBe(
    `/received?month=${MONTHS.current}`,
  );
  expect((await member.get("/written?month=nonsense&page=4")).location).toBe(
    `/written?month=${MONTHS.current}`,
  );
});

test("a posting counts as written first time when its first try wrote it and nobody had to", async () => {
  const desk = await deskNow();
  desk.clock.at = END_OF_LAST;
  await write(desk, await receiveOne(desk));
  desk.clock.at = NOW - HOUR_MS;
  const late = await receiveOne(desk);
  desk.system.writeMishaps = ["outage"];
  await write(desk, late);
  desk.clock.at = NOW;
  await write(desk, late);
  expect(await postingsOf(desk, late.payment_id)).toMatchObject([{ state: "posted", attempts: 2 }]);
  for (let count = 0; count < 2; count += 1) await write(desk, await receiveOne(desk));
  await receivePrepared(desk, [{ statementId: null, amountMinor: 1_000n }]);
  const tile = await tileOf(desk, "Postings written first time");
  expect(tile).toMatchObject({
    figure: "66.6%",
    detail: `3 written in ${THIS}, was 100.0% in ${LAST} 1 needs attention, 0 ready, 0 on their way`,
  });
  const member = await browse(desk);
  const list = await member.get(tile.links[0] ?? "");
  expect(list.text).toContain("1–3 of 3");
  expect(list.document.querySelectorAll("td[data-label=Tries]").map((cell) => cell.text.trim())).toEqual([
    "After 2 tries",
    "First time",
    "First time",
  ]);
  const again = await member.get(`/written?month=${MONTHS.current}&only=again`);
  expect(again.text).toContain("1–1 of 1");
  expect((await member.get(`/written?month=${MONTHS.previous}&only=again`)).text).toContain(
    "All were written first time",
  );
});

test("the postings written are for those who may see postings, and each firm sees its own", async () => {
  const desk = await deskNow();
  await write(desk, await receiveOne(desk));
  expect((await (await browse(desk, "staff")).get("/written")).status).toBe(403);
  const other = await deskNow();
  const stranger = await browse(other);
  expect((await stranger.get("/written")).text).toContain(`No postings in ${THIS}`);
  expect((await stranger.get(`/received?month=${MONTHS.current}`)).text).toContain(
    "No payments in this month",
  );
});

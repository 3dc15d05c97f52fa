import { expect, test } from "vitest";
import { releasePostings } from "../../src/postings/release.ts";
import { useDatabase } from "../support/database.ts";
import { openBrowser } from "./browser.ts";
import { first, look, makeDesk, receivePosted, setConnection, write } from "./desk.ts";

const box = useDatabase();

test("retry of selected payments takes what waits for its system, and nothing that waits for its release", async () => {
  const desk = await makeDesk(box, [{ balanceMinor: 40_000n }]);
  await setConnection(desk, { posting_release: "manual" });
  const posting = first(await receivePosted(desk));
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  const retry = () => browser.post("/postings/retry", { payment: posting.payment_id });
  expect((await retry()).notice).toContain("Nothing of these payments waits for this.");
  desk.system.writeMishaps = ["outage"];
  await releasePostings(desk.bookkeeper, { postingIds: [posting.id] });
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "ready", attempts: 1 });
  expect((await retry()).notice).toContain("1 posting is on its way.");
  await write(desk, posting);
  expect(await look(desk, posting)).toMatchObject({ state: "posted" });
});

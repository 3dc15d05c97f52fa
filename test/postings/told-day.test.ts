import { expect, test } from "vitest";
import { makeFile } from "../../src/postings/make-file.ts";
import { useDatabase } from "../support/database.ts";
import { first, look, makeDesk, receivePosted, setConnection, setStatement } from "./desk.ts";
import { confirm } from "./desk-jobs.ts";

const box = useDatabase();
const READS_ONLY = { capabilities: ["readStatements", "file"] } as const;

// Each instant is 5 a.m. in UTC, which is the evening before in Chicago.
test.each([
  ["payment_date", "typed in", "2026-03-01"],
  ["payment_date", "imported", "2026-03-01"],
  ["posting_date", "typed in", "2026-03-06"],
  ["posting_date", "imported", "2026-03-04"],
] as const)(
  "by the rule %s an entry that was %s is posted on the day that the person was told",
  async (rule, how, day) => {
    const desk = await makeDesk(box, [{ balanceMinor: 40_000n }], READS_ONLY);
    await setConnection(desk, { posted_date: rule });
    const posting = first(await receivePosted(desk, { receivedAt: new Date("2026-03-02T05:00:00Z") }));
    desk.clock.at = Date.parse("2026-03-05T05:00:00Z");
    if (how === "imported") await makeFile(desk.bookkeeper, { postingId: posting.id });
    desk.clock.at = Date.parse("2026-03-07T05:00:00Z");
    await setStatement(desk, first(desk.matter.statements).id, { balance_minor: 0n });
    await confirm(desk);
    expect(await look(desk, posting)).toMatchObject({ state: "posted", posted_on: day });
  },
);

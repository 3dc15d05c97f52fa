import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { until } from "../support/until.ts";
import type { Visitor } from "../support/visitor.ts";
import { openUnconnectedStage, type Stage } from "./stage.ts";

// The service is killed while it makes the links of an upload and while their emails go out, and is started again in the same folder.
const ROWS = 2_000;
/** The file's line at which the making is held, in the middle of a chunk. */
const HELD_LINE = 1_101;
const SENT_BEFORE_THE_KILL = 20;
const WITHIN_A_MINUTE_MS = 60_000;
const MAIL_LIMIT_MS = 300_000;
const MESSAGES_LIMIT = 1_000;
const UNSETTLED = "('queued', 'sending')";
vi.setConfig({ testTimeout: MAIL_LIMIT_MS + 2 * WITHIN_A_MINUTE_MS });

const FILE = [
  "Invoice number,Recipient name,Recipient email,Amount",
  ...Array.from(
    { length: ROWS },
    (_, row) => `K-${10_000 + row},Client ${row},client${row}@part${row % 4}.example,${100 + row}.50`,
  ),
].join("\n");

let stage: Stage;
beforeAll(async () => {
  stage = await openUnconnectedStage();
});
afterAll(() => stage?.close());

async function upload(member: Visitor): Promise<void> {
  await member.open(`${stage.service.origin}/bulk`);
  await member.upload(/^Upload and review/, { name: "file", fileName: "november.csv", text: FILE });
}

/**
 * Keeps a row from being made, as a person would who looks at it for long in the database: it may be queued, and not locked for its
 * link. Returns how to let go.
 */
async function holdRow(line: number): Promise<() => Promise<void>> {
  const url = new URL(await stage.service.ownerUrl());
  url.username = "postgres";
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  await client.query("begin");
  const { rowCount } = await client.query("select from bulk_row where line = $1 for key share", [line]);
  expect(rowCount).toBe(1);
  return async () => {
    await client.query("rollback");
    await client.end();
  };
}

async function count(from: string): Promise<number> {
  const [row] = await stage.books.read<{ count: number }>(`select count(*)::int as count from ${from}`);
  return row?.count ?? 0;
}

/** How often each address got a message, from the mail service's own store. */
async function readDeliveries(): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const part of [0, 1, 2, 3]) {
    const query = new URLSearchParams({ to: `@part${part}.example`, limit: String(MESSAGES_LIMIT) });
    const answer = await fetch(`${stage.service.mailbox.origin}/control/messages?${query}`);
    const { messages } = (await answer.json()) as { messages: { to: string[] }[] };
    for (const address of messages.flatMap(({ to }) => to)) {
      times.set(address, (times.get(address) ?? 0) + 1);
    }
  }
  return times;
}

const MADE = "bulk_row where state = 'made'";

test("killed in the middle of an upload: each row has exactly one link and at most one email", async () => {
  const { staff } = stage;
  await upload(staff);
  expect(staff.page.text).toContain("2,000 rows to review");
  const letGo = await holdRow(HELD_LINE);
  await staff.press(/^Send all/);
  await staff.press(/^Send 2,000/);
  await until("some links are made", async () => (await count(MADE)) > 0);
  await until(
    "some emails went out",
    async () => (await count("email where state not in ('queued', 'sending')")) >= SENT_BEFORE_THE_KILL,
  );
  await stage.service.kill();
  const madeBefore = await count(MADE);
  expect(madeBefore).toBeGreaterThan(0);
  expect(madeBefore).toBeLessThan(ROWS);
  expect(await count("bulk_row where state = 'queued'")).toBe(ROWS - madeBefore);
  await letGo();
  await stage.restart();
  await until("all links are made", async () => (await count(MADE)) === ROWS, WITHIN_A_MINUTE_MS);
  expect(await count("payment_link")).toBe(ROWS);
  const [links] = await stage.books.read<{ links: number; requests: number }>(
    `select count(distinct l.id)::int as links, count(distinct l.request_id)::int as requests
     from bulk_row r join payment_link l on l.firm_id = r.firm_id and l.id = r.link_id and l.request_id = r.id`,
  );
  expect(links).toEqual({ links: ROWS, requests: ROWS });
});

test("its page counts on, and every email is settled: sent once, or said to be perhaps sent", async () => {
  await until(
    "every email is settled",
    async () =>
      (await count(`email where state not in ${UNSETTLED}`)) === ROWS &&
      (await count(`email where state in ${UNSETTLED}`)) === 0,
    MAIL_LIMIT_MS,
    500,
  );
  const times = await readDeliveries();
  expect([...times.values()].filter((each) => each > 1)).toEqual([]);
  // What the kill cut off is not sent again by itself: nobody knows whether the mail service took it.
  const unclear = await count("email where state = 'unclear'");
  expect(times.size).toBeGreaterThanOrEqual(ROWS - unclear);
  await stage.staff.open(stage.staff.page.url);
  expect(stage.staff.page.text).toMatch(/Done: 2,000 of 2,000/);
});

test("the same file again is named, every row is held back, and nothing is sent twice", async () => {
  const emails = await count("email");
  await upload(stage.staff);
  expect(stage.staff.page.text).toContain("This file was uploaded before.");
  expect(stage.staff.page.text).toContain("2,000 rows were sent before.");
  const review = stage.staff.page.url;
  await stage.staff.open(`${review}/send?delivery=email`);
  expect(stage.staff.page.text).toContain("No row is ready for this.");
  expect(await count("payment_link")).toBe(ROWS);
  expect(await count("email")).toBe(emails);
});

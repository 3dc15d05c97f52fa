import { expect, test } from "vitest";
import { layPosting } from "../../src/postings/lay.ts";
import { dropFile, makeFile } from "../../src/postings/make-file.ts";
import type { PostingRow } from "../../src/postings/queries.ts";
import { useDatabase } from "../support/database.ts";
import { makeMember } from "../support/world.ts";
import { openBrowser } from "./browser.ts";
import { first, historyOf, look, makeDesk, receivePrepared, setStatement } from "./desk.ts";
import { confirm } from "./desk-jobs.ts";

const box = useDatabase();
const READS_ONLY = { capabilities: ["readStatements", "file"] } as const;

async function deskWith(amounts: bigint[]) {
  const desk = await makeDesk(box, [{ balanceMinor: 100_000n }], READS_ONLY);
  const statement = first(desk.matter.statements);
  const postings: PostingRow[] = [];
  for (const amountMinor of amounts)
    postings.push(first(await receivePrepared(desk, [{ statementId: statement.id, amountMinor }])));
  return { desk, statement, postings };
}

test("a file holds everything that waits, each posting once, and is the same when it is taken again", async () => {
  const { desk, statement, postings } = await deskWith([40_000n, 25_000n]);
  const [one, two] = postings;
  if (!one || !two) throw new Error("two postings are needed");
  const browser = await openBrowser(desk.cx, desk.bookkeeper);
  expect((await browser.post(`/postings/${one.id}/file`)).location).toBe(`/postings/${one.id}/enter`);
  const file = await browser.get(`/postings/${two.id}/file`);
  expect(file.document.text).toContain(`${one.reference}\t${statement.number}`);
  expect(file.document.text).toContain(two.reference);
  expect((await browser.get(`/postings/${one.id}/file`)).document.text).toBe(file.document.text);
  await expect(makeFile(desk.bookkeeper, { postingId: one.id })).rejects.toMatchObject({ code: "conflict" });
  await expect(
    layPosting(desk.bookkeeper, { postingId: one.id, statementId: statement.id, amount: "400" }),
  ).rejects.toThrow("stands in a file to import");

  await setStatement(desk, statement.id, { balance_minor: 60_000n });
  await confirm(desk);
  expect(await look(desk, one)).toMatchObject({ state: "posted", posted_by: "file" });
  await dropFile(desk.bookkeeper, { postingId: two.id });
  expect((await look(desk, two)).file_id).toBeNull();
  expect((await look(desk, one)).file_id).not.toBeNull();
  await makeFile(desk.bookkeeper, { postingId: two.id });
  expect((await historyOf(desk, two)).filter((action) => action === "posting.filed")).toHaveLength(2);
});

test("nobody makes or drops a file of another firm, and staff of none", async () => {
  const { desk, postings } = await deskWith([40_000n]);
  const postingId = first(postings).id;
  const staff = await makeMember(desk.cx, desk.firm.firmId, "staff");
  const stranger = (await makeDesk(box, [], READS_ONLY)).bookkeeper;
  for (const verb of [makeFile, dropFile]) {
    await expect(verb(staff, { postingId })).rejects.toMatchObject({ code: "forbidden" });
    await expect(verb(stranger, { postingId })).rejects.toMatchObject({ code: "not_found" });
  }
  await expect(dropFile(desk.bookkeeper, { postingId })).rejects.toMatchObject({ code: "conflict" });
});

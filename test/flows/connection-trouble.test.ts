import { afterAll, beforeAll, expect, test } from "vitest";
import { payByCard, readDocketLedger } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import { newVisitor } from "../support/visitor.ts";
import {
  expectBooksToAgree,
  findStatementId,
  readLinkState,
  readPayments,
  readPostings,
  waitForPosted,
} from "./books.ts";
import { changeStatement, countDocketTroubles, healDocket, readCharges, troubleDocket } from "./doors.ts";
import { openStage, type Stage, sendRequest, waitForPage } from "./stage.ts";

const PAYMENTS = "/api/v1/payments";
const STATEMENTS = "/api/v1/statements";
const SLOW_MS = 3_000;
const PATIENT = { timeout: 100_000 };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

async function sendOne(number: string, total: number): Promise<{ link: string; page: string }> {
  const { payerLinks, page } = await sendRequest(stage, [{ number, total }]);
  return { link: payerLinks[0] ?? "", page };
}

async function countEntries(number: string): Promise<number> {
  const [posting] = await readPostings(stage.books, number);
  const ledger = await readDocketLedger(stage.service);
  return ledger.filter((line) => line.reference === posting?.reference).length;
}

test("a statement arrives although Docket asks to wait while it is read", async () => {
  await troubleDocket(stage.service, { kind: "rate_limit", path: STATEMENTS, count: 3, retry_after: 1 });
  const { link } = await sendOne("F-PATIENCE", 301);
  expect(await countDocketTroubles(stage.service)).toBe(0);
  expect(link).toContain("/p/");
});

test("a posting waits as long as Docket asks it to, and is written once", PATIENT, async () => {
  const { link } = await sendOne("F-LATER", 302);
  await troubleDocket(stage.service, { kind: "rate_limit", path: PAYMENTS, count: 2, retry_after: 3 });
  await payByCard(link);
  await waitForPage(stage.bookkeeper, `${stage.service.origin}/postings?tab=ready`, /Docket asks us to wait/);
  const posting = await waitForPosted(stage.books, "F-LATER");
  expect(posting.attempts).toBe(3);
  expect(await countEntries("F-LATER")).toBe(1);
});

test("a posting survives a while of errors at Docket, and is written once", PATIENT, async () => {
  const { link } = await sendOne("F-ERRORS", 303);
  await troubleDocket(stage.service, { kind: "error", path: PAYMENTS, count: 2 });
  await payByCard(link);
  await waitForPosted(stage.books, "F-ERRORS");
  expect(await countDocketTroubles(stage.service)).toBe(0);
  expect(await countEntries("F-ERRORS")).toBe(1);
});

test(
  "without an authorisation postings wait, Today says so, and they go out by themselves after a new one",
  PATIENT,
  async () => {
    const { service, admin } = stage;
    const { link } = await sendOne("F-REVOKED", 304);
    await troubleDocket(service, { kind: "revoke_grants" });
    const payer = await payByCard(link);
    await waitForPage(payer, link, /Payment received/);
    await waitForPage(admin, `${service.origin}/`, /Docket must be authorized again/);
    expect(await readPostings(stage.books, "F-REVOKED")).toMatchObject([{ state: "ready", entryId: null }]);
    await admin.open(`${service.origin}/settings/connections`);
    expect(admin.page.text).toContain("Payments are kept and will be written afterwards");
    await admin.press(/^Reauthorize/);
    if (/Ana Keane/.test(admin.page.text) && !/Allow/.test(admin.page.text)) await admin.press(/Ana Keane/);
    await admin.press(/^Allow/);
    await waitForPosted(stage.books, "F-REVOKED");
    expect(await countEntries("F-REVOKED")).toBe(1);
    await waitForPage(admin, `${service.origin}/`, /^(?!.*must be authorized again)/);
  },
);

test("a statement that was paid in Docket meanwhile is not paid again", async () => {
  const { link, page } = await sendOne("F-ELSEWHERE", 305);
  const id = await findStatementId(stage.books, "F-ELSEWHERE");
  await changeStatement(stage.service, { id, status: "paid" });
  await until("we know that it is paid", async () => (await readStatementState("F-ELSEWHERE")) === "paid");
  const payer = newVisitor();
  await payer.open(link);
  await payer.press(/^Continue/);
  expect(payer.page.status).toBe(409);
  expect(payer.page.text).toContain("This request has changed");
  expect(payer.page.text).toContain("No money was taken");
  expect(await readPayments(stage.books, "F-ELSEWHERE")).toEqual([]);
  await waitForPage(stage.staff, page, /Statement F-ELSEWHERE changed since the link was sent/);
});

test("a statement voided between payment and posting goes to a person, in plain words", async () => {
  const { link } = await sendOne("F-VOID", 306);
  const id = await findStatementId(stage.books, "F-VOID");
  await troubleDocket(stage.service, { kind: "latency", path: PAYMENTS, milliseconds: SLOW_MS });
  await payByCard(link);
  await until("the write is held", async () => (await countDocketTroubles(stage.service)) === 0);
  await changeStatement(stage.service, { id, status: "void" });
  const page = await waitForPage(
    stage.bookkeeper,
    `${stage.service.origin}/postings?tab=needs-attention`,
    /Statement F-VOID is void\./,
  );
  expect(page.text).toContain("The statement takes no more money.");
  expect(await readPostings(stage.books, "F-VOID")).toMatchObject([
    { state: "needs_attention", problem: "statement_closed", entryId: null },
  ]);
  expect(await countEntries("F-VOID")).toBe(0);
});

test("a forged link says only that it does not work", async () => {
  const { link } = await sendOne("F-FORGED", 307);
  const last = link.at(-1) === "A" ? "B" : "A";
  for (const forged of [`${link.slice(0, -1)}${last}`, `${stage.service.origin}/p/nothing`]) {
    const page = await newVisitor().open(forged);
    expect(page.status).toBe(404);
    expect(page.text).toContain("This link does not work");
    expect(page.text).not.toContain("F-FORGED");
  }
});

test("an expired link says so and lets the payer ask for a fresh one", async () => {
  const { link } = await sendOne("F-EXPIRED", 308);
  const payer = newVisitor();
  await payer.open(link);
  await stage.books.read(
    `update payment_link l set expires_at = now() - interval '1 minute' from link_allocation a, statement s
     where a.firm_id = l.firm_id and a.link_id = l.id and s.firm_id = a.firm_id and s.id = a.statement_id
       and s.number = 'F-EXPIRED'`,
  );
  await payer.press(/^Continue/);
  expect(payer.page.text).toContain("This payment link has expired");
  await payer.press(/^Ask for a fresh link/);
  expect(payer.page.text).toContain("was told that you would like a fresh link");
  expect(await readPayments(stage.books, "F-EXPIRED")).toEqual([]);
});

test("a cancelled link says that the request was withdrawn, also in a tab that was open before", async () => {
  const { link, page } = await sendOne("F-CANCELLED", 309);
  const payer = newVisitor();
  await payer.open(link);
  await stage.staff.open(page);
  await stage.staff.press(/^Cancel link/);
  expect(await readLinkState(stage.books, "F-CANCELLED")).toBe("cancelled");
  await payer.press(/^Continue/);
  expect(payer.page.text).toContain("This payment request was withdrawn");
  expect(payer.page.text).toContain("No money was taken");
});

test(
  "after all troubles the processor, our books and Docket's ledger agree to the cent",
  PATIENT,
  async () => {
    await healDocket(stage.service);
    await expectBooksToAgree(stage.service, stage.books);
    const taken = (await readCharges(stage.service)).map((charge) => charge.amount);
    expect(taken.toSorted()).toEqual([30_200, 30_300, 30_400, 30_600]);
  },
);

async function readStatementState(number: string): Promise<string | undefined> {
  const [row] = await stage.books.read<{ state: string }>("select state from statement where number = $1", [
    number,
  ]);
  return row?.state;
}

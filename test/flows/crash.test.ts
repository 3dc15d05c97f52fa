import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readDocketLedger } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import { newVisitor } from "../support/visitor.ts";
import { expectBooksToAgree, readPayments, readPostings, waitForPosted } from "./books.ts";
import { countDocketTroubles, healProcessor, setWebhooks, troubleDocket, troubleProcessor } from "./doors.ts";
import { goToProcessor, openStage, payAndLeave, type Stage, sendRequest, waitForPage } from "./stage.ts";

// Each test kills the service at another point of a payment's way and starts it again in the same folder. Where the point is too short
// to be met, a stand-in is made slow, or the process is frozen, so that what it waits for happens without it.
const HELD_MS = 60_000;
/** Not the look-up of another posting, which asks at the same address. */
const WRITE = { path: "/api/v1/payments", method: "POST" };
const SLOW_MS = 2_000;
const DELAY_MS = 5_000;
const WITHIN_A_MINUTE_MS = 60_000;
vi.setConfig({ testTimeout: 90_000 });

const NUMBERS = ["F-MAKING", "F-LED", "F-BEFORE", "F-BETWEEN", "F-UNWRITTEN", "F-UNNOTED", "F-LOST"] as const;

let stage: Stage;
const links = new Map<string, string>();
beforeAll(async () => {
  stage = await openStage();
  for (const [index, number] of NUMBERS.entries()) {
    const { payerLinks } = await sendRequest(stage, [{ number, total: 201 + index }]);
    links.set(number, payerLinks[0] ?? "");
  }
});
afterAll(() => stage?.close());

function linkOf(number: (typeof NUMBERS)[number]): string {
  return links.get(number) ?? "";
}

async function crash(): Promise<void> {
  await stage.service.kill();
  await stage.restart();
}

async function expectPaidOnce(number: string, link: string): Promise<void> {
  await waitForPage(newVisitor(), link, /Payment received/);
  await waitForPosted(stage.books, number);
  expect(await readPayments(stage.books, number)).toMatchObject([{ state: "succeeded", isSurplus: false }]);
}

test("killed while the processor makes its page: the payer begins again and pays once", async () => {
  const link = linkOf("F-MAKING");
  const payer = newVisitor();
  await payer.open(link);
  const path = "/v1/checkout/sessions";
  await troubleProcessor(stage.service, { kind: "latency", path, milliseconds: HELD_MS });
  const beginning = payer.press(/^Continue/).catch((error: unknown) => error);
  await until("the checkout is stored", async () => (await countCheckouts("F-MAKING", "preparing")) === 1);
  await crash();
  // The request may not have come there yet; its trouble must not befall the next one.
  await healProcessor(stage.service);
  expect(await beginning).toBeInstanceOf(Error);
  const again = await goToProcessor(link);
  expect(await payAndLeave(again)).toBe(303);
  await expectPaidOnce("F-MAKING", link);
  expect(await countCheckouts("F-MAKING", "completed")).toBe(1);
});

test("killed right after the payer was led to the processor: the page there can be paid, once", async () => {
  const link = linkOf("F-LED");
  const payer = await goToProcessor(link);
  await crash();
  expect(await payAndLeave(payer)).toBe(303);
  await expectPaidOnce("F-LED", link);
});

test("killed before the webhook comes: it comes after the restart", async () => {
  const link = linkOf("F-BEFORE");
  const payer = await goToProcessor(link);
  await setWebhooks(stage.service, { delay_milliseconds: DELAY_MS });
  expect(await payAndLeave(payer)).toBe(303);
  await stage.service.kill();
  expect(await readPayments(stage.books, "F-BEFORE")).toEqual([]);
  await stage.restart();
  await setWebhooks(stage.service, { reset: true });
  await expectPaidOnce("F-BEFORE", link);
});

test("killed between the webhook's answer and its job: the job is done after the restart", async () => {
  const link = linkOf("F-BETWEEN");
  const payer = await goToProcessor(link);
  for (const path of ["/v1/checkout/sessions/", "/v1/payment_intents/"]) {
    await troubleProcessor(stage.service, { kind: "latency", path, milliseconds: HELD_MS, count: 10 });
  }
  expect(await payAndLeave(payer)).toBe(303);
  await until("an event is kept and not acted upon", async () => (await countUnhandled()) > 0);
  await stage.service.kill();
  expect(await readPayments(stage.books, "F-BETWEEN")).toEqual([]);
  await stage.restart();
  await healProcessor(stage.service);
  await expectPaidOnce("F-BETWEEN", link);
});

test("killed while Docket has not yet written the posting: nothing is written twice", async () => {
  const link = linkOf("F-UNWRITTEN");
  await troubleDocket(stage.service, { ...WRITE, kind: "latency", milliseconds: HELD_MS });
  expect(await payAndLeave(await goToProcessor(link))).toBe(303);
  await until("the write is held", async () => (await countDocketTroubles(stage.service)) === 0);
  await crash();
  expect(await countEntries("F-UNWRITTEN")).toBe(0);
});

test("killed when Docket has written the posting and we have not noted it: it is found, not written again", async () => {
  // It is written again meanwhile, and must not meet the trouble that is meant for this one.
  await waitForPosted(stage.books, "F-UNWRITTEN", WITHIN_A_MINUTE_MS);
  const link = linkOf("F-UNNOTED");
  await troubleDocket(stage.service, { ...WRITE, kind: "latency", milliseconds: SLOW_MS });
  expect(await payAndLeave(await goToProcessor(link))).toBe(303);
  await until("the write is held", async () => (await countDocketTroubles(stage.service)) === 0);
  stage.service.freeze();
  await until("Docket has written it", async () => (await countEntries("F-UNNOTED")) === 1);
  await crash();
  expect(await readPostings(stage.books, "F-UNNOTED")).toMatchObject([{ state: "posting", entryId: null }]);
});

test("killed after Docket's answer was lost: it is found, not written again", async () => {
  const link = linkOf("F-LOST");
  await troubleDocket(stage.service, { ...WRITE, kind: "drop_answer" });
  expect(await payAndLeave(await goToProcessor(link))).toBe(303);
  await until("Docket has written it", async () => (await countEntries("F-LOST")) === 1);
  await crash();
});

test("what was killed in the middle of a posting goes on within a minute, and stands in Docket once", async () => {
  for (const number of ["F-UNWRITTEN", "F-UNNOTED", "F-LOST"]) {
    await waitForPosted(stage.books, number, WITHIN_A_MINUTE_MS);
    expect(await countEntries(number)).toBe(1);
  }
});

test("after all crashes the processor, our books and Docket's ledger agree to the cent", async () => {
  await expectBooksToAgree(stage.service, stage.books);
  const [row] = await stage.books.read<{ payments: number; surplus: number }>(
    "select count(*)::int as payments, count(*) filter (where is_surplus)::int as surplus from payment",
  );
  expect(row).toEqual({ payments: NUMBERS.length, surplus: 0 });
});

/** Docket's ledger lines with the reference of a statement's posting. */
async function countEntries(number: string): Promise<number> {
  const [posting] = await readPostings(stage.books, number);
  const ledger = await readDocketLedger(stage.service);
  return ledger.filter((line) => line.reference === posting?.reference).length;
}

async function countCheckouts(number: string, state: string): Promise<number> {
  const [row] = await stage.books.read<{ count: number }>(
    `select count(*)::int as count from checkout c
     join link_allocation a on a.firm_id = c.firm_id and a.link_id = c.link_id
     join statement s on s.firm_id = a.firm_id and s.id = a.statement_id where s.number = $1 and c.state = $2`,
    [number, state],
  );
  return row?.count ?? 0;
}

async function countUnhandled(): Promise<number> {
  const [row] = await stage.books.read<{ count: number }>(
    "select count(*)::int as count from inbox_event where source = 'stripe' and handled_at is null",
  );
  return row?.count ?? 0;
}

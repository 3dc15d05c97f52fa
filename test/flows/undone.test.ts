import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { expectBooksToAgree, readLinkState } from "./books.ts";
import { settleDebit, setWebhooks } from "./doors.ts";
import { BANK, openStage, type Stage, waitForPage } from "./stage.ts";
import {
  dispute,
  payBank,
  payCard,
  paymentOf,
  readOurUndone,
  readSides,
  readTheirUndone,
  refund,
  refundThere,
  type Sides,
  waitForPostings,
} from "./undone.ts";

const LIMIT_MS = 120_000;
/** Its refund succeeds and fails a while later. */
const REFUND_FAILS = { number: "4000 0000 0000 5126" };

let stage: Stage;
const table: (Sides & { path: string })[] = [];
beforeAll(async () => {
  stage = await openStage();
  // All along each webhook comes twice, and in any order.
  await setWebhooks(stage.service, { duplicate: 2, disorder: 300 });
});
afterAll(async () => {
  process.stdout.write(`${table.map(lineOf).join("\n")}\n`);
  await stage?.close();
});

/** One line for each way in which money comes back, with what each side's ledger shows after it. */
function lineOf({ path, ours, docket, balance }: (typeof table)[number]): string {
  return [path, ours.join("; "), docket.join("; "), balance].join(" | ");
}

function way(path: string, play: () => Promise<void>): void {
  test(path, play, LIMIT_MS);
}

/** Both sides' ledgers of a statement, and its balance, which both have. */
async function expectSides(
  path: string,
  number: string,
  expected: { ours: string[]; docket: string[]; balance: string },
): Promise<void> {
  const sides = await readSides(stage, number);
  table.push({ path: `${path} (${number})`, ...sides });
  expect(sides).toEqual({ ...expected, oursBalance: expected.balance });
}

way("a refund of the whole payment opens the statement again", async () => {
  const id = await payCard(stage, [{ number: "U-FULL", total: 301 }]);
  await refund(stage, id);
  await waitForPostings(stage, ["U-FULL"], 2);
  await expectSides("refund, whole", "U-FULL", {
    ours: ["payment 301.00 posted", "reversal 301.00 posted"],
    docket: ["payment 301.00", "reversal 301.00"],
    balance: "301.00",
  });
});

way("a refund by line reverses these lines only", async () => {
  const id = await payCard(stage, [
    { number: "U-PART-1", total: 302 },
    { number: "U-PART-2", total: 52 },
  ]);
  await refund(stage, id, ["100.50", ""]);
  await waitForPostings(stage, ["U-PART-1"], 2);
  await refund(stage, id, ["1.50", "52.00"]);
  await waitForPostings(stage, ["U-PART-1"], 3);
  await waitForPostings(stage, ["U-PART-2"], 2);
  await expectSides("refund, by line, twice", "U-PART-1", {
    ours: ["payment 302.00 posted", "reversal 100.50 posted", "reversal 1.50 posted"],
    docket: ["payment 302.00", "reversal 100.50", "reversal 1.50"],
    balance: "102.00",
  });
  await expectSides("refund, by line, the other line", "U-PART-2", {
    ours: ["payment 52.00 posted", "reversal 52.00 posted"],
    docket: ["payment 52.00", "reversal 52.00"],
    balance: "52.00",
  });
});

way("a refund of a bank debit is on its way, and arrives", async () => {
  const { session } = await payBank(stage, { number: "U-SLOW", total: 303 });
  await settleDebit(stage.service, session);
  await waitForPostings(stage, ["U-SLOW"]);
  await refund(stage, await paymentOf(stage, "U-SLOW"));
  await waitForPostings(stage, ["U-SLOW"], 2);
  await expectSides("refund of a bank debit", "U-SLOW", {
    ours: ["payment 303.00 posted", "reversal 303.00 posted"],
    docket: ["payment 303.00", "reversal 303.00"],
    balance: "303.00",
  });
});

way("a refund that fails after it succeeded is posted anew", async () => {
  const id = await payCard(stage, [{ number: "U-FAILS", total: 304 }], REFUND_FAILS);
  await refund(stage, id);
  await waitForPostings(stage, ["U-FAILS"], 3);
  await expectSides("refund that fails after it succeeded", "U-FAILS", {
    ours: ["payment 304.00 posted", "reversal 304.00 posted", "payment 304.00 posted"],
    docket: ["payment 304.00", "reversal 304.00", "payment 304.00"],
    balance: "0.00",
  });
});

way("a refund at the processor's own screens flows back like ours", async () => {
  await payCard(stage, [{ number: "U-THERE", total: 305 }]);
  await refundThere(stage, "U-THERE", 5_500);
  await waitForPostings(stage, ["U-THERE"], 2);
  await expectSides("refund at the processor's own screens", "U-THERE", {
    ours: ["payment 305.00 posted", "reversal 55.00 posted"],
    docket: ["payment 305.00", "reversal 55.00"],
    balance: "55.00",
  });
});

way("a bank debit that fails before it settles opens the link again and posts nothing", async () => {
  const { session, link } = await payBank(stage, { number: "U-NOFUNDS", total: 306 }, BANK.hasNoFunds);
  await settleDebit(stage.service, session);
  await until(
    "the link is open again",
    async () => (await readLinkState(stage.books, "U-NOFUNDS")) === "outstanding",
  );
  await waitForPage(stage.staff, link, /Amount due|Pay/);
  await expectSides("bank debit fails before settlement", "U-NOFUNDS", {
    ours: [],
    docket: [],
    balance: "306.00",
  });
});

way("a bank debit that comes back after it settled is reversed", async () => {
  const { session } = await payBank(stage, { number: "U-RETURN", total: 307 });
  await settleDebit(stage.service, session);
  await waitForPostings(stage, ["U-RETURN"]);
  await dispute(stage, "U-RETURN");
  await waitForPostings(stage, ["U-RETURN"], 2);
  await expectSides("bank debit returns after settlement", "U-RETURN", {
    ours: ["payment 307.00 posted", "reversal 307.00 posted"],
    docket: ["payment 307.00", "reversal 307.00"],
    balance: "307.00",
  });
});

way("a dispute is reversed when it opens, and a refund is refused meanwhile", async () => {
  const id = await payCard(stage, [{ number: "U-OPEN", total: 308 }]);
  await dispute(stage, "U-OPEN");
  await waitForPostings(stage, ["U-OPEN"], 2);
  await stage.bookkeeper.open(`${stage.service.origin}/payments/${id}/refund`);
  expect(stage.bookkeeper.page.text).toContain("It cannot be refunded before the dispute is won");
  await expectSides("dispute opened", "U-OPEN", {
    ours: ["payment 308.00 posted", "reversal 308.00 posted"],
    docket: ["payment 308.00", "reversal 308.00"],
    balance: "308.00",
  });
});

way("a dispute that is won is posted anew, and may be refunded then", async () => {
  const id = await payCard(stage, [{ number: "U-WON", total: 309 }]);
  await dispute(stage, "U-WON");
  await waitForPostings(stage, ["U-WON"], 2);
  await dispute(stage, "U-WON", "won");
  await waitForPostings(stage, ["U-WON"], 3);
  await expectSides("dispute won", "U-WON", {
    ours: ["payment 309.00 posted", "reversal 309.00 posted", "payment 309.00 posted"],
    docket: ["payment 309.00", "reversal 309.00", "payment 309.00"],
    balance: "0.00",
  });
  await refund(stage, id, ["9.00"]);
  await waitForPostings(stage, ["U-WON"], 4);
  await expectSides("dispute won, then a refund", "U-WON", {
    ours: [
      "payment 309.00 posted",
      "reversal 309.00 posted",
      "payment 309.00 posted",
      "reversal 9.00 posted",
    ],
    docket: ["payment 309.00", "reversal 309.00", "payment 309.00", "reversal 9.00"],
    balance: "9.00",
  });
});

way("a dispute that is lost stays reversed", async () => {
  await payCard(stage, [{ number: "U-LOST", total: 310 }]);
  await dispute(stage, "U-LOST");
  await waitForPostings(stage, ["U-LOST"], 2);
  await dispute(stage, "U-LOST", "lost");
  await until("the dispute is known as lost", async () => {
    const [row] = await stage.books.read<{ state: string }>(
      "select state from dispute where amount_minor = 31000",
    );
    return row?.state === "lost";
  });
  await expectSides("dispute lost", "U-LOST", {
    ours: ["payment 310.00 posted", "reversal 310.00 posted"],
    docket: ["payment 310.00", "reversal 310.00"],
    balance: "310.00",
  });
});

way("a refund of a trust deposit comes off the trust ledger", async () => {
  const id = await payCard(stage, [{ number: "U-TRUST", total: 311, kind: "trust_request" }]);
  await refund(stage, id, ["11.00"]);
  await waitForPostings(stage, ["U-TRUST"], 2);
  await expectSides("refund of a trust deposit", "U-TRUST", {
    ours: ["trust_deposit 311.00 posted", "reversal 11.00 posted"],
    docket: ["trust_deposit 311.00", "reversal 11.00"],
    balance: "11.00",
  });
});

way("a dispute over a trust deposit waits for a person and writes nothing", async () => {
  await payCard(stage, [{ number: "U-TRUSTED", total: 312, kind: "trust_request" }]);
  await dispute(stage, "U-TRUSTED");
  await waitForPostings(stage, ["U-TRUSTED"], 2);
  await expectSides("dispute over a trust deposit", "U-TRUSTED", {
    ours: ["trust_deposit 312.00 posted", "reversal 312.00 needs_attention"],
    docket: ["trust_deposit 312.00"],
    balance: "0.00",
  });
});

way("at the end the processor's books, ours and Docket's agree line by line", async () => {
  await expectBooksToAgree(stage.service, stage.books);
  expect(await readOurUndone(stage)).toEqual(await readTheirUndone(stage));
});

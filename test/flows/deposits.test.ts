import { afterAll, beforeAll, expect, test } from "vitest";
import { payByCard } from "../support/main-job.ts";
import { until } from "../support/until.ts";
import { waitForPosted } from "./books.ts";
import { ACCOUNTS, control, openStripe, setWebhooks } from "./doors.ts";
import { openStage, type Stage, sendRequest, waitForPage } from "./stage.ts";

const [OPERATING, TRUST] = ACCOUNTS;
/** The sweep of deposits runs every ten minutes; nothing here waits for it. */
const LIMIT_MS = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

type DepositFacts = {
  id: string;
  state: string;
  amountMinor: bigint;
  linesMinor: bigint;
  expectedMinor: bigint;
  ties: boolean | null;
  unexplained: number;
};

/** The deposit of a payout, once its contents are known. */
function waitForDeposit(payoutId: unknown): Promise<DepositFacts> {
  return until(
    `the deposit of ${String(payoutId)} is read`,
    async () => {
      const [row] = await stage.books.read<DepositFacts>(
        `select id, state, amount_minor as "amountMinor", lines_minor as "linesMinor", expected_minor as "expectedMinor", ties,
           unexplained_count as unexplained
         from deposit where payout_id = $1 and contents = 'complete' and state = 'paid'`,
        [payoutId],
      );
      return row;
    },
    LIMIT_MS,
  );
}

async function payOut(account: string): Promise<string> {
  const stripe = await openStripe(stage.service);
  await control(stage.service, "payout", { account });
  const { data } = await stripe.payouts.list({ limit: 1 }, { stripeAccount: account });
  return data[0]?.id ?? "";
}

async function payFor(number: string, total: number, kind?: "trust_request"): Promise<string> {
  const wish = kind ? { number, total, kind } : { number, total };
  const { payerLinks } = await sendRequest(stage, [wish]);
  await payByCard(payerLinks[0] ?? "");
  await waitForPosted(stage.books, number);
  const [row] = await stage.books.read<{ intent: string }>(
    `select p.payment_intent_id as intent from payment p
     join payment_allocation a on a.firm_id = p.firm_id and a.payment_id = p.id
     join statement s on s.firm_id = a.firm_id and s.id = a.statement_id where s.number = $1`,
    [number],
  );
  return row?.intent ?? "";
}

function sumsByKind(depositId: string) {
  return stage.books.read<{ kind: string; gross: bigint; fee: bigint; net: bigint }>(
    `select kind, sum(gross_minor)::bigint as gross, sum(fee_minor)::bigint as fee, sum(net_minor)::bigint as net
     from deposit_line where deposit_id = $1 group by kind order by kind`,
    [depositId],
  );
}

test("a deposit with fees, a refund, a dispute and an adjustment ties out to the cent", async () => {
  const first = await payFor("D-FIRST", 1_250);
  const second = await payFor("D-SECOND", 800);
  await payFor("D-THIRD", 310.4);
  const stripe = await openStripe(stage.service);
  await stripe.refunds.create({ payment_intent: first, amount: 25_000 }, { stripeAccount: OPERATING });
  await control(stage.service, "dispute", { payment_intent: second });
  await control(stage.service, "adjust", { account: OPERATING, amount: -75, description: "Correction" });
  await until("the refund and the dispute are in our books", async () => {
    const [row] = await stage.books.read<{ count: bigint }>(
      "select (select count(*) from refund where state = 'succeeded') + (select count(*) from dispute) as count",
    );
    return row?.count === 2n;
  });
  const deposit = await waitForDeposit(await payOut(OPERATING));
  // 1,250.00 + 800.00 + 310.40 − 250.00 − 800.00 − fees 36.55, 23.50 and 9.30 − dispute fee 15.00 − 0.75
  expect(deposit).toMatchObject({
    amountMinor: 122_530n,
    linesMinor: 122_530n,
    expectedMinor: 122_530n,
    ties: true,
    unexplained: 0,
  });
  expect(await sumsByKind(deposit.id)).toEqual([
    { kind: "adjustment", gross: -75n, fee: 0n, net: -75n },
    { kind: "dispute", gross: -80_000n, fee: 1_500n, net: -81_500n },
    { kind: "payment", gross: 236_040n, fee: 6_935n, net: 229_105n },
    { kind: "refund", gross: -25_000n, fee: 0n, net: -25_000n },
  ]);
  const page = `${stage.service.origin}/deposits/${deposit.id}`;
  await waitForPage(stage.bookkeeper, page, /It ties to the cent: \$1,225\.30/);
});

test("trust money is paid out gross, and a fee that is taken from it all the same raises one alarm", async () => {
  const { service, books } = stage;
  await payFor("D-TRUST", 500, "trust_request");
  const gross = await waitForDeposit(await payOut(TRUST));
  expect(gross).toMatchObject({ amountMinor: 50_000n, ties: true });
  const alarms = () =>
    books.read<{ kind: string; fee: string }>(
      "select kind, facts->>'feeMinor' as fee from discrepancy where kind in ('trust_fee', 'trust_dispute')",
    );
  expect(await alarms()).toEqual([]);
  await control(service, "fees", { account: TRUST, payer: "account" });
  await payFor("D-TRUST-FEE", 100, "trust_request");
  await waitForDeposit(await payOut(TRUST));
  expect(await alarms()).toEqual([{ kind: "trust_fee", fee: "320" }]);
  await waitForPage(
    stage.bookkeeper,
    `${service.origin}/`,
    /A fee of \$3\.20 was taken from a trust account/,
  );
  await stage.bookkeeper.open(`${service.origin}/deposits/differences`);
  expect(stage.bookkeeper.page.text).toContain("Trust alarm");
});

test("a deposit that comes back is told of, until its money is in a later one", async () => {
  const { service } = stage;
  await payFor("D-BACK", 200);
  const payoutId = await payOut(OPERATING);
  const deposit = await waitForDeposit(payoutId);
  await control(service, "payout/fail", { payout: payoutId });
  await waitForPage(stage.bookkeeper, `${service.origin}/deposits/${deposit.id}`, /did not reach your bank/);
  await waitForPage(stage.bookkeeper, `${service.origin}/`, /The bank sent back a deposit of \$193\.90/);
  const later = await waitForDeposit(await payOut(OPERATING));
  expect(later).toMatchObject({ amountMinor: 19_390n, ties: true });
});

test("a deposit whose webhooks all get lost is found by the sweep", { timeout: 900_000 }, async () => {
  await setWebhooks(stage.service, { stopped: true });
  const stripe = await openStripe(stage.service);
  await control(stage.service, "adjust", { account: OPERATING, amount: 4_200 });
  const payoutId = await payOut(OPERATING);
  const { status } = await stripe.payouts.retrieve(payoutId, {}, { stripeAccount: OPERATING });
  expect(["in_transit", "paid"]).toContain(status);
  await stage.books.read(
    `select graphile_worker.add_job('deposits.sweepFirm', json_build_object('firmId', id)) from firm`,
  );
  expect(await waitForDeposit(payoutId)).toMatchObject({ amountMinor: 4_200n, ties: true });
  await setWebhooks(stage.service, { reset: true });
});

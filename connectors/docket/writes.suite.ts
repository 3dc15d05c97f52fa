import type { PostRequest } from "../contract.ts";
import type { LookUpCase, WriteCase } from "../setup.suite.ts";
import { docket } from "./connector.ts";
import { fixture } from "./fixture.suite.ts";

const payment: PostRequest = {
  reference: "SFP-PAYMENT-1",
  receivedOn: "2026-11-20",
  method: "card",
  memo: "Visa 4242",
  payerName: "Marlow Shipping Ltd",
  amountMinor: 125_010n,
  currency: "USD",
  matterExternalId: "mt_1",
  statementExternalId: "st_1",
};

const deposit: PostRequest = {
  ...payment,
  reference: "SFP-TRUST-1",
  amountMinor: 50_000n,
  statementExternalId: "st_2",
};

const reversal = {
  reference: "SFP-REVERSAL-1",
  reversedOn: "2026-11-21",
  reason: "Refund",
  amountMinor: 29n,
  currency: "USD",
};

const receipt =
  '"received_on":"2026-11-20","method":"card","memo":"Visa 4242","payer_name":"Marlow Shipping Ltd"';

const undone = '"reference":"SFP-REVERSAL-1","reversed_on":"2026-11-21","reason":"Refund"';
const allocatedTo = (amount: string) => `"allocations":[{"statement_id":"st_1","amount":${amount}}]`;

export const writes: WriteCase[] = [
  {
    name: "a payment",
    capability: "postPayment",
    path: "/api/v1/payments",
    run: (access) => docket.postPayment(access, payment),
    sent: `{"reference":"SFP-PAYMENT-1",${receipt},"amount":1250.10,${allocatedTo("1250.10")}}`,
    answer: fixture("payment"),
    externalId: "pm_1",
  },
  {
    name: "a trust deposit on a request",
    capability: "postTrustDeposit",
    path: "/api/v1/trust-deposits",
    run: (access) => docket.postTrustDeposit(access, deposit),
    sent: `{"reference":"SFP-TRUST-1",${receipt},"amount":500.00,"matter_id":"mt_1","statement_id":"st_2"}`,
    answer: fixture("trust-deposit"),
    externalId: "td_1",
  },
  {
    name: "a trust deposit without a request",
    capability: "postTrustDeposit",
    path: "/api/v1/trust-deposits",
    run: (access) => docket.postTrustDeposit(access, { ...deposit, statementExternalId: undefined }),
    sent: `{"reference":"SFP-TRUST-1",${receipt},"amount":500.00,"matter_id":"mt_1","statement_id":null}`,
    answer: fixture("trust-deposit"),
    externalId: "td_1",
  },
  {
    name: "a reversal of a payment",
    capability: "reverse",
    path: "/api/v1/payments/pm_1/reversals",
    run: (access) =>
      docket.reverse(access, {
        ...reversal,
        entryExternalId: "pm_1",
        entryKind: "payment",
        statementExternalId: "st_1",
      }),
    sent: `{${undone},"amount":0.29,${allocatedTo("0.29")}}`,
    answer: fixture("reversal"),
    externalId: "rv_1",
  },
  {
    name: "a reversal of a trust deposit",
    capability: "reverse",
    path: "/api/v1/trust-deposits/td_1/reversals",
    run: (access) =>
      docket.reverse(access, {
        ...reversal,
        entryExternalId: "td_1",
        entryKind: "trust_deposit",
        statementExternalId: "st_2",
      }),
    sent: `{${undone},"amount":0.29}`,
    answer: fixture("reversal"),
    externalId: "rv_1",
  },
];

function lookUpCase(kind: LookUpCase["kind"], path: string, reference: string): LookUpCase {
  const entries = (...ids: string[]) =>
    JSON.stringify({ data: ids.map((id) => ({ id, reference, amount: 1250.1 })), next_cursor: null });
  return {
    kind,
    reference,
    path,
    query: { reference },
    none: entries(),
    one: entries("en_1"),
    two: entries("en_1", "en_2"),
    found: [
      { externalId: "en_1", amountMinor: 125_010n },
      { externalId: "en_2", amountMinor: 125_010n },
    ],
  };
}

export const lookUps = [
  lookUpCase("payment", "/api/v1/payments", "SFP-PAYMENT-1"),
  lookUpCase("trust_deposit", "/api/v1/trust-deposits", "SFP-TRUST-1"),
  lookUpCase("reversal", "/api/v1/reversals", "SFP-REVERSAL-1"),
];

import { expect, test } from "vitest";
import { readAccount } from "../../src/stripe/read-account.ts";
import { OPERATING, startStand, TRUST } from "../sandbox/processor/stand.ts";
import { open } from "./checkout.ts";

test("an account is read with who pays its fees, what it may take and where it pays out", async () => {
  const accounts = [
    { id: OPERATING, name: "Operating", fees_payer: "account" as const },
    { id: TRUST, name: "Trust", fees_payer: "application" as const, bank_last4: "8820" },
  ];
  const stand = await startStand({ accounts });
  const processor = open(stand.origin);
  expect(await processor.findAccount(OPERATING)).toEqual({
    id: OPERATING,
    feesPayer: "account",
    chargesEnabled: true,
    payoutsEnabled: true,
    debitsNegativeBalances: true,
    currency: "USD",
    country: "US",
    methods: ["card", "bank_debit"],
    last4: undefined,
    displayName: "Operating",
  });
  expect(await processor.findAccount(TRUST)).toMatchObject({
    feesPayer: "platform",
    last4: "8820",
    debitsNegativeBalances: false,
  });
});

test("an account that is not connected is missing, and a wrong key an operator's matter", async () => {
  const stand = await startStand();
  await expect(open(stand.origin).findAccount("acct_nobody")).rejects.toMatchObject({ kind: "missing" });
  await expect(open(stand.origin, "sk_test_wrong").findAccount(OPERATING)).rejects.toMatchObject({
    kind: "auth",
  });
});

test("a processor that is away is an outage", async () => {
  const stand = await startStand();
  await stand.close();
  await expect(open(stand.origin).findAccount(OPERATING)).rejects.toMatchObject({ kind: "outage" });
}, 20_000);

test("only the one word that promises it counts as fees billed to the platform", () => {
  const account = (payer: string) =>
    ({
      id: "acct_x",
      object: "account",
      country: "US",
      default_currency: "usd",
      controller: { fees: { payer } },
    }) as never;
  expect(readAccount(account("application")).feesPayer).toBe("platform");
  for (const payer of ["account", "application_custom", "application_express", "stripe", ""])
    expect(readAccount(account(payer)).feesPayer).toBe("account");
  expect(() => readAccount({ id: "acct_x", object: "account" } as never)).toThrow("no currency or country");
  expect(() => readAccount({ object: "list", data: [] } as never)).toThrow("something other than a account");
});

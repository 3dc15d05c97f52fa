import { z } from "zod";
import { record } from "../audit/record.ts";
import { conflict } from "../base/error.ts";
import { newId } from "../base/id.ts";
import { CURRENCIES } from "../base/money.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { brokeConstraint, type Tx } from "../db/tx.ts";
import { findDefaultAccount, insertAccount } from "./queries.ts";

export const accountInput = z.object({
  name: z.string().trim().min(1, "a name").max(100, "a name of at most 100 characters"),
  kind: z.enum(["operating", "trust"]),
  processorAccount: z
    .string()
    .regex(/^acct_\w+$/, "the account's id at the card processor, which begins with acct_"),
  last4: z.string().regex(/^\d{4}$/, "the last four digits of the bank account"),
  feesPayer: z.enum(["account", "platform"]),
  currency: z.enum(CURRENCIES).default("USD"),
  methods: z
    .array(z.enum(["card", "bank_debit"]))
    .min(1)
    .default(["card", "bank_debit"]),
  ledgerCode: z.string().trim().max(60).default(""),
});

type AccountInput = z.infer<typeof accountInput>;

/**
 * Adds a merchant account to a firm; the first of its kind is the one that receives. Returns its id. Throws `conflict` when another
 * firm has the processor account, the firm has it already, or a trust account would pay fees itself.
 */
export async function addAccount(cx: FirmContext, input: z.input<typeof accountInput>): Promise<string> {
  const account = accountInput.parse(input);
  try {
    return await withFirm(cx.database, cx.firmId, (tx) => writeAccount(tx, cx, account));
  } catch (error) {
    throw asAccountConflict(error) ?? error;
  }
}

/** The same in the caller's transaction, which translates what the database refuses by `asAccountConflict`. */
export async function writeAccount(
  tx: Tx,
  who: Pick<FirmContext, "firmId" | "actor" | "requestId">,
  account: AccountInput,
): Promise<string> {
  const id = newId();
  const facts = {
    name: account.name,
    kind: account.kind,
    processor_account: account.processorAccount,
    last4: account.last4,
    fees_payer: account.feesPayer,
    currency: account.currency,
    methods: account.methods,
    ledger_code: account.ledgerCode,
    is_default: (await findDefaultAccount(tx, who.firmId, account.kind)) === undefined,
  };
  await insertAccount(tx, { firm_id: who.firmId, id, ...facts });
  await record(tx, who, { action: "account.added", objectKind: "settings", objectId: id, after: facts });
  return id;
}

/** What the database refused about an account, in words; undefined when it refused something else. */
export function asAccountConflict(error: unknown): Error | undefined {
  if (brokeConstraint(error, "merchant_account_processor_unique"))
    return conflict("This firm has this account at the card processor already.");
  if (brokeConstraint(error, "merchant_account_processor_owner"))
    return conflict("This account at the card processor belongs to another firm.");
  if (brokeConstraint(error, "merchant_account_trust_fees")) {
    return conflict(
      "A trust account must be set up so that the platform pays the processor's fees: fees never come out of client money.",
    );
  }
  return undefined;
}

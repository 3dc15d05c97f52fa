import { invalid } from "../base/error.ts";
import { CURRENCIES } from "../base/money.ts";
import type { FirmContext, MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { type AccountFacts, ProcessorError } from "../stripe/port.ts";
import { demand } from "../web/env.ts";
import { choiceFaults, METHOD_LABELS, readChoices, type TypedAccount } from "./account-form.ts";
import { clearDefault, updateAccount } from "./account-queries.ts";
import { asAccountConflict, writeAccount } from "./add-account.ts";

export type NewAccount = TypedAccount & { kind: string; processorAccount: string; last4: string };

const PROCESSOR_ACCOUNT = /^acct_\w{1,80}$/;

/** Adds a merchant account in the name of an administrator, as `admitAccount` does. Returns its id. */
export async function registerAccount(cx: MemberContext, input: NewAccount): Promise<string> {
  demand(cx, "settings.manage");
  return (await admitAccount(cx, input)).id;
}

/**
 * Adds a merchant account after the card processor has described it: whether the platform is billed for its fees, what it may take and
 * in which currency are nobody's word but the processor's. Returns its id and the bank account's last four digits. Throws `invalid` by
 * box; also for what the processor's answer makes impossible, and while it does not answer.
 */
export async function admitAccount(
  cx: FirmContext,
  input: NewAccount,
): Promise<{ id: string; last4: string }> {
  const kind = (["operating", "trust"] as const).find((each) => each === input.kind);
  const faults: Record<string, string | undefined> = {
    ...choiceFaults(input.name, knowsAll(input.methods) ? input.methods.length : 0, input.ledgerCode),
    kind: kind === undefined ? "Choose operating or trust" : undefined,
    processorAccount: PROCESSOR_ACCOUNT.test(input.processorAccount)
      ? undefined
      : "Enter the account’s id at the card processor, which begins with acct_",
    last4: /^(\d{4})?$/.test(input.last4) ? undefined : "Enter the last four digits of the bank account",
  };
  demandNone(faults);
  if (kind === undefined) throw new Error("a kind that is not known passed the check");
  const facts = await askProcessor(cx, input.processorAccount);
  const { currency, last4 } = judge(facts, kind, input);
  const account = {
    ...readChoices(input),
    kind,
    processorAccount: facts.id,
    last4,
    feesPayer: facts.feesPayer,
    currency,
  };
  try {
    return await withFirm(cx.database, cx.firmId, async (tx) => {
      if (input.isDefault) await clearDefault(tx, cx.firmId, kind);
      const id = await writeAccount(tx, cx, account);
      if (input.isDefault) await updateAccount(tx, cx.firmId, id, { is_default: true });
      return { id, last4 };
    });
  } catch (error) {
    const taken = asAccountConflict(error);
    if (taken) throw invalid({ processorAccount: taken.message });
    throw error;
  }
}

function knowsAll(methods: readonly string[]): boolean {
  return methods.every((method) => Object.hasOwn(METHOD_LABELS, method));
}

async function askProcessor(cx: FirmContext, processorAccount: string): Promise<AccountFacts> {
  try {
    return await cx.processor.findAccount(processorAccount);
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error;
    cx.log.warn("an account could not be read at the card processor", { kind: error.kind });
    throw invalid({
      processorAccount:
        error.kind === "missing" || error.kind === "rejected"
          ? "The card processor has no such account that is connected to this platform. Copy the id from its dashboard, or connect the account first"
          : "The card processor did not answer, so the account could not be checked. Nothing is saved; try again in a few minutes",
    });
  }
}

/** What the processor's answer allows. Throws `invalid` at the box that has to change. */
function judge(facts: AccountFacts, kind: "operating" | "trust", input: NewAccount) {
  const currency = CURRENCIES.find((each) => each === facts.currency);
  const missing =
    facts.methods.length === 0
      ? []
      : input.methods.filter((method) => !facts.methods.some((each) => each === method));
  const named = missing
    .map((method) => METHOD_LABELS[method as keyof typeof METHOD_LABELS].toLowerCase())
    .join(" and ");
  demandNone({
    processorAccount: !facts.chargesEnabled
      ? "The card processor does not let this account take payments yet. Finish its setup there first"
      : currency === undefined
        ? `This account works in ${facts.currency}. Firms can be paid in ${CURRENCIES.join(", ")}`
        : undefined,
    kind:
      kind === "trust" && facts.feesPayer !== "platform"
        ? "This account pays the processor’s fees itself: they would come out of client money. Choose an account whose fees are billed to the platform, or mark it operating"
        : undefined,
    methods: named === "" ? undefined : `The card processor does not let this account take ${named} yet`,
    last4: last4Fault(facts, input.last4),
  });
  return { currency: currency ?? CURRENCIES[0], last4: facts.last4 ?? input.last4 };
}

function last4Fault(facts: AccountFacts, typed: string): string | undefined {
  if (facts.last4 === undefined)
    return typed === ""
      ? "The card processor does not tell them: enter the last four digits of the bank account"
      : undefined;
  return typed === "" || typed === facts.last4
    ? undefined
    : `The card processor pays out to a bank account that ends in ${facts.last4}. Correct the digits, or the id of the account`;
}

function demandNone(faults: Record<string, string | undefined>): void {
  const found = Object.entries(faults).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (found.length > 0) throw invalid(Object.fromEntries(found));
}

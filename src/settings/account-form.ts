import { invalid } from "../base/error.ts";
import type { AccountRow } from "./account-queries.ts";

/** What stands in the boxes of one account. */
export type TypedAccount = {
  name: string;
  methods: readonly string[];
  ledgerCode: string;
  isDefault: boolean;
};

/** What may be changed of an account at any time. */
type AccountChoices = { name: string; methods: ("card" | "bank_debit")[]; ledgerCode: string };

export const METHOD_LABELS = { card: "Cards", bank_debit: "Bank payments" } as const;
const NAME_LIMIT = 100;
const LEDGER_LIMIT = 60;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Throws `invalid` with the fields `name`, `methods` and `ledgerCode`. */
export function readChoices(typed: TypedAccount): AccountChoices {
  const { name, ledgerCode } = typed;
  const methods = (["card", "bank_debit"] as const).filter((method) => typed.methods.includes(method));
  const faults = Object.entries(choiceFaults(name, methods.length, ledgerCode)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  if (faults.length > 0) throw invalid(Object.fromEntries(faults));
  return { name, methods, ledgerCode };
}

/** The faults of all choices, to be shown together with others. */
export function choiceFaults(
  name: string,
  methodCount: number,
  ledgerCode: string,
): Record<string, string | undefined> {
  return {
    name:
      name === ""
        ? "Enter a name, like Chicago operating"
        : name.length > NAME_LIMIT || CONTROL.test(name)
          ? `Enter a name of at most ${NAME_LIMIT} characters, in one line`
          : undefined,
    methods: methodCount === 0 ? "Choose cards, bank payments or both" : undefined,
    ledgerCode:
      ledgerCode.length > LEDGER_LIMIT || CONTROL.test(ledgerCode)
        ? `Enter a ledger code of at most ${LEDGER_LIMIT} characters, in one line`
        : undefined,
  };
}

/** What may be changed of an account, in words, for the record and for comparing two states. */
export function accountInWords(
  account: Pick<AccountRow, "name" | "methods" | "ledger_code" | "is_default">,
): Record<string, string> {
  return {
    name: account.name,
    methods: (["card", "bank_debit"] as const)
      .filter((method) => account.methods.includes(method))
      .map((method) => METHOD_LABELS[method])
      .join(", "),
    ledgerCode: account.ledger_code,
    isDefault: account.is_default ? "yes" : "no",
  };
}

export const ACCOUNT_LABELS = {
  name: "Name",
  methods: "Takes",
  ledgerCode: "Ledger code",
  isDefault: "Default",
} as const;

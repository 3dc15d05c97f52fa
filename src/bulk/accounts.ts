/** A merchant account as a row may name it. */
export type Account = {
  id: string;
  name: string;
  kind: "operating" | "trust";
  last4: string;
  currency: string;
};

type AccountReading = { ok: true; account: Account } | { ok: false; fault: string };

/** Finds the account that a cell names: by its name, its last four digits, or its kind where there is one of that kind. */
export function readAccount(text: string, accounts: readonly Account[]): AccountReading {
  const typed = simplify(text);
  const digits = /(\d{4})$/.exec(typed)?.[1];
  const named = accounts.filter((account) => simplify(account.name) === typed);
  const ofKind = accounts.filter((account) => simplify(account.kind) === typed);
  const ending = accounts.filter((account) => digits !== undefined && account.last4 === digits);
  const found = [named, ofKind, ending].find((list) => list.length === 1)?.[0];
  if (found) return { ok: true, account: found };
  if (ofKind.length > 1) return { ok: false, fault: `Several accounts are ${typed}. Enter the name of one` };
  const names = accounts.map((account) => account.name).join(", ");
  return { ok: false, fault: `No account has this name. Accounts: ${names}` };
}

function simplify(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/ account$/, "");
}

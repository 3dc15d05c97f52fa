import { newId } from "../../src/base/id.ts";
import type { MemberContext } from "../../src/context.ts";
import { issueQuickLink } from "../../src/links/quick-issue.ts";
import type { QuickInput } from "../../src/links/quick-request.ts";
import { insertAccount } from "../../src/settings/queries.ts";
import { useLinkStage } from "./stage.ts";

const DAY_MS = 86_400_000;

/** The day that many days from now, as a form carries it. */
export function dayAhead(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
}

/** The stage of links with requests that are typed by hand. */
export function useQuickStage() {
  const links = useLinkStage();
  const { stage } = links;

  /** What a member typed, ready to be changed: $2,500.00 into the operating account, by email. */
  const typed = (change: Partial<QuickInput> = {}): QuickInput => ({
    formId: newId(),
    accountId: stage.firm.operatingAccountId,
    amount: "2,500.00",
    description: "Advice on the lease",
    invoiceNumber: "",
    payerName: "Elena Vasquez",
    payerEmails: ["elena@vasquezmail.example"],
    message: "",
    delivery: "email",
    ...change,
  });

  const issueQuick = (change: Partial<QuickInput> = {}, member: MemberContext = stage.staff) =>
    issueQuickLink(member, typed(change));

  /** Another account of the firm, in use or not. */
  const addAccount = async (account: { currency?: string; archived?: boolean } = {}): Promise<string> => {
    const id = newId();
    await links.read((tx) =>
      insertAccount(tx, {
        firm_id: stage.firm.firmId,
        id,
        name: "New York operating",
        kind: "operating",
        processor_account: `acct_${id}`,
        last4: "2093",
        currency: account.currency ?? "USD",
        fees_payer: "account",
        archived_at: account.archived ? new Date() : null,
      }),
    );
    return id;
  };

  return { ...links, typed, issueQuick, addAccount };
}

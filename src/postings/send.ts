import { type Access, type Connector, ConnectorError, type Posted } from "../../connectors/contract.ts";
import { causeWords } from "./cause.ts";
import type { Claim } from "./claim.ts";

const METHOD_WORDS = { card: "Card", bank_debit: "Bank debit" } as const;

/** The name of a method, as entries carry it. */
export function methodWords(method: keyof typeof METHOD_WORDS): string {
  return METHOD_WORDS[method];
}

/** Writes a claimed posting into the matter system, once. Throws `ConnectorError`; `unsupported` operations are `rejected`. */
export async function sendPosting(connector: Connector, access: Access, claim: Claim): Promise<Posted> {
  const { posting } = claim;
  switch (posting.kind) {
    case "payment":
      return await (connector.postPayment?.(access, receiptOf(claim)) ?? refuse(connector));
    case "trust_deposit":
      return await (connector.postTrustDeposit?.(access, receiptOf(claim)) ?? refuse(connector));
    case "reversal":
      return await reverse(connector, access, claim);
  }
}

function receiptOf({ posting, payment, target, postedOn }: Claim) {
  return {
    reference: posting.reference,
    receivedOn: postedOn,
    method: METHOD_WORDS[payment.method],
    memo: [
      `Payment ${payment.reference}`,
      payment.method_label || METHOD_WORDS[payment.method],
      causeWords(posting.cause),
    ]
      .filter((part) => part !== undefined)
      .join(", "),
    payerName: payment.payer_name,
    amountMinor: posting.amount_minor,
    currency: posting.currency,
    matterExternalId: target.matterExternalId,
    statementExternalId: target.externalId,
  };
}

async function reverse(connector: Connector, access: Access, claim: Claim): Promise<Posted> {
  const { posting, target, undone } = claim;
  if (!undone)
    throw new ConnectorError(
      "rejected",
      "We know no number of ours for the entry that this undoes. Take it out there by hand.",
    );
  const request = {
    reference: posting.reference,
    entryExternalId: undone.externalId,
    entryKind: undone.kind,
    reversedOn: claim.postedOn,
    reason: `${causeWords(posting.cause) ?? "Reversal"} of payment ${claim.payment.reference}`,
    amountMinor: posting.amount_minor,
    currency: posting.currency,
    statementExternalId: target.externalId,
  };
  return await (connector.reverse?.(access, request) ?? refuse(connector));
}

function refuse(connector: Connector): never {
  throw new ConnectorError("rejected", `${connector.manifest.name} does not take entries of this kind.`);
}

import { isLanguage, type Language } from "../base/language.ts";
import type { LinkRow } from "../links/queries.ts";
import type { CheckoutRow } from "../pay/queries.ts";
import type { PaymentRow } from "./queries.ts";

/**
 * Where the payer hears of a payment and in which language: the address that was typed with it, else the one known to the processor,
 * else the link's. Undefined where there is no address. Without a language the letter is in the link's.
 */
export function receiptPlace(
  payment: Pick<PaymentRow, "payer_email">,
  checkout: CheckoutRow | undefined,
  link: Pick<LinkRow, "payer_emails"> | undefined,
): { toAddress: string; language: Language | undefined } | undefined {
  const toAddress = checkout?.receipt_email ?? payment.payer_email ?? link?.payer_emails[0];
  if (toAddress === undefined) return undefined;
  return { toAddress, language: isLanguage(checkout?.language) ? checkout.language : undefined };
}

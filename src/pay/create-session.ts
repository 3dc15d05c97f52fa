import { record } from "../audit/record.ts";
import { Problem } from "../base/error.ts";
import type { FirmContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { linkUrl } from "../links/address.ts";
import { type LinkRow, lockLink } from "../links/queries.ts";
import { type CheckoutFacts, type CheckoutRequest, ProcessorError } from "../stripe/port.ts";
import { KEY_IN_USE, KEY_REUSED } from "../stripe/refusal.ts";
import { giveUpCheckout } from "./close-checkout.ts";
import { noteTried } from "./note-tried.ts";
import { type CheckoutRow, changeCheckout, findCheckout } from "./queries.ts";
import type { PayWords } from "./words.ts";

export type Begun =
  | { outcome: "redirect"; url: string }
  /** The link takes no payment now, or was paid a moment ago: its page says what it is. */
  | { outcome: "closed"; checkoutId: string | undefined }
  /** A statement behind the link is no longer what the link asks for. */
  | { outcome: "changed" }
  /** Another window of the same link began after this one. */
  | { outcome: "superseded" };

type Wanted = { link: LinkRow; checkout: CheckoutRow; isRepeated: boolean };

/**
 * Asks the processor for the page of a stored checkout and stores its address. Undefined: the checkout was given up, decide again.
 *
 * The key is the checkout's id and the parameters are the stored row's, so that a request after a crash or a lost answer gets the very
 * session that the first one made. The key is good for 24 hours and a checkout for two. The processor keeps its own failures under the
 * key as well, so a checkout that fails a second time is given up for one with a new key. Throws `unavailable`.
 */
export async function createSession(
  cx: FirmContext,
  wanted: Wanted,
  words: PayWords,
): Promise<Begun | undefined> {
  let facts: CheckoutFacts;
  try {
    facts = await cx.processor.createCheckout(requestOf(cx, wanted.link, wanted.checkout));
  } catch (error) {
    if (error instanceof ProcessorError) return await giveUp(cx, wanted, error, words);
    throw error;
  }
  const kept = await keep(cx, wanted, facts);
  if (kept === "open" && facts.url !== undefined) return { outcome: "redirect", url: facts.url };
  // Somebody else came in between; nobody has this page's address yet, and nobody shall.
  await cx.processor.expireCheckout(wanted.checkout.processor_account, facts.sessionId);
  return kept === "closed"
    ? { outcome: "closed", checkoutId: wanted.checkout.id }
    : { outcome: "superseded" };
}

function requestOf(cx: FirmContext, link: LinkRow, checkout: CheckoutRow): CheckoutRequest {
  const address = linkUrl(cx, link);
  return {
    checkoutId: checkout.id,
    linkId: link.id,
    firmId: cx.firmId,
    processorAccount: checkout.processor_account,
    amountMinor: checkout.amount_minor,
    currency: checkout.currency,
    method: checkout.method,
    description: link.description,
    reference: link.reference,
    receiptEmail: checkout.receipt_email ?? undefined,
    locale: localeOf(checkout),
    successUrl: `${address}/back?checkout=${checkout.id}`,
    cancelUrl: address,
    expiresAt: checkout.expires_at,
  };
}

/**
 * The language of the processor's page, from what the stored row holds, so that the same checkout always asks for the same page.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale
 */
function localeOf(checkout: CheckoutRow): CheckoutRequest["locale"] {
  if (checkout.language === "fr") return checkout.currency === "CAD" ? "fr-CA" : "fr";
  return checkout.language === "es" ? "es-419" : "en";
}

/** Stores the session while the link and the checkout still wait for it; another request with the same wish may have been faster. */
function keep(
  cx: FirmContext,
  { checkout }: Wanted,
  facts: CheckoutFacts,
): Promise<"open" | "superseded" | "closed"> {
  return withFirm(cx.database, cx.firmId, async (tx) => {
    const link = await lockLink(tx, cx.firmId, checkout.link_id);
    const row = await findCheckout(tx, cx.firmId, checkout.id);
    if (link.state !== "outstanding") return "closed";
    if (row?.state === "open" && row.session_id === facts.sessionId) return "open";
    const isKept = await changeCheckout(tx, cx.firmId, checkout.id, ["preparing"], {
      state: "open",
      session_id: facts.sessionId,
      session_url: facts.url ?? null,
      updated_at: cx.now(),
    });
    if (!isKept) return "superseded";
    await record(tx, cx, {
      action: "checkout.opened",
      objectKind: "checkout",
      objectId: checkout.id,
      linkId: checkout.link_id,
      after: { amountMinor: checkout.amount_minor, currency: checkout.currency, method: checkout.method },
    });
    return "open";
  });
}

async function giveUp(
  cx: FirmContext,
  wanted: Wanted,
  error: ProcessorError,
  words: PayWords,
): Promise<undefined> {
  const { link, checkout, isRepeated } = wanted;
  if (error.code === KEY_REUSED) {
    // The parameters hold the link's address, which changes when its token does.
    await giveUpCheckout(cx, checkout);
    return undefined;
  }
  cx.log.warn("a checkout could not be made", {
    kind: error.kind,
    code: error.code,
    checkoutId: checkout.id,
  });
  if (error.code === KEY_IN_USE) throw new Problem("unavailable", words.trouble.beingMade);
  const isPassing = error.kind === "outage" || error.kind === "unreadable";
  if (!isPassing || isRepeated) await giveUpCheckout(cx, checkout);
  if (!isPassing) {
    await withFirm(cx.database, cx.firmId, async (tx) => {
      const locked = await lockLink(tx, cx.firmId, link.id);
      await noteTried(tx, cx, locked, "The card processor refused to take a payment for this link.");
    });
    throw new Problem("unavailable", words.trouble.refused);
  }
  throw new Problem("unavailable", words.trouble.unreachable);
}

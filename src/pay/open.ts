import type { Selectable } from "kysely";
import type { Context } from "../context.ts";
import type { Firm, FirmSettings, MerchantAccount, Payment } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { linkUrl } from "../links/address.ts";
import { findLink, findSuccessor, type LinkRow } from "../links/queries.ts";
import { getAccount, getFirm, getSettings } from "../settings/queries.ts";
import { findLinkOwner, findLinkPayment, type LinkStatement, listLinkStatements } from "./queries.ts";

/** Everything that a payer's page may show. */
export type OpenedLink = {
  firmId: string;
  firm: Selectable<Firm>;
  settings: Selectable<FirmSettings>;
  account: Selectable<MerchantAccount>;
  link: LinkRow;
  statements: LinkStatement[];
  payment: Selectable<Payment> | undefined;
  /** Where the rest is asked for, while it is. */
  successorUrl: string | undefined;
};

/** Stands in for the version of a link that is not there, so that the check costs the same. */
const NO_VERSION = 0;

/**
 * Opens the link that a token names. Undefined for whatever does not work: malformed, made by somebody else, unknown, or replaced by
 * a newer version; from outside these are one.
 */
export async function openLink(cx: Context, token: string): Promise<OpenedLink | undefined> {
  const linkId = cx.vault.readTokenId(token);
  if (linkId === undefined) return undefined;
  const owner = await transact(cx.database, (tx) => findLinkOwner(tx, linkId));
  const isOurs = cx.vault.isToken(token, "link", linkId, owner?.tokenVersion ?? NO_VERSION);
  return owner && isOurs ? await readLink(cx, owner.firmId, linkId) : undefined;
}

function readLink(cx: Context, firmId: string, linkId: string): Promise<OpenedLink | undefined> {
  return withFirm(cx.database, firmId, async (tx) => {
    const link = await findLink(tx, firmId, linkId);
    if (!link) return undefined;
    const successor = await findSuccessor(tx, firmId, linkId);
    return {
      firmId,
      link,
      firm: await getFirm(tx, firmId),
      settings: await getSettings(tx, firmId),
      account: await getAccount(tx, firmId, link.merchant_account_id),
      statements: await listLinkStatements(tx, firmId, linkId),
      payment: await findLinkPayment(tx, firmId, linkId),
      successorUrl: successor?.state === "outstanding" ? linkUrl(cx, successor) : undefined,
    };
  });
}

import type { Selectable } from "kysely";
import { isId } from "../base/id.ts";
import type { Context } from "../context.ts";
import type { Firm, FirmSettings, MerchantAccount, Payment } from "../db/schema.ts";
import { withFirm } from "../db/tenant.ts";
import { type Tx, transact } from "../db/tx.ts";
import { linkUrl } from "../links/address.ts";
import { findLink, findSuccessor, type LinkRow } from "../links/queries.ts";
import type { LinkState } from "../links/state.ts";
import { findLogo, type LogoFacts } from "../settings/logo-queries.ts";
import { getAccount, getFirm, getSettings } from "../settings/queries.ts";
import {
  findFailedDebit,
  findLinkOwner,
  findLinkPayment,
  type LinkStatement,
  listLinkStatements,
} from "./queries.ts";
import { pageOf } from "./state.ts";

/** Everything that a payer's page may show. */
export type OpenedLink = {
  firmId: string;
  firm: Selectable<Firm>;
  settings: Selectable<FirmSettings>;
  account: Selectable<MerchantAccount>;
  link: LinkRow;
  statements: LinkStatement[];
  payment: Selectable<Payment> | undefined;
  /** The bank debit that failed last. */
  failedDebit: Selectable<Payment> | undefined;
  logo: LogoFacts | undefined;
  /** The newest of the links that followed this one, and where it is while it can be paid. */
  newest: { id: string; state: LinkState; url: string | undefined } | undefined;
};

/** More links than this one after the other are followed no further. */
const SUCCESSORS_LIMIT = 50;

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

/** Opens a link of the firm for its members; undefined when the firm has no such link. */
export async function openForMember(
  cx: Context,
  firmId: string,
  linkId: string,
): Promise<OpenedLink | undefined> {
  return isId(linkId) ? await readLink(cx, firmId, linkId) : undefined;
}

function readLink(cx: Context, firmId: string, linkId: string): Promise<OpenedLink | undefined> {
  return withFirm(cx.database, firmId, async (tx) => {
    const link = await findLink(tx, firmId, linkId);
    if (!link) return undefined;
    return {
      firmId,
      link,
      firm: await getFirm(tx, firmId),
      settings: await getSettings(tx, firmId),
      account: await getAccount(tx, firmId, link.merchant_account_id),
      statements: await listLinkStatements(tx, firmId, linkId),
      payment: await findLinkPayment(tx, firmId, linkId),
      failedDebit: link.state === "outstanding" ? await findFailedDebit(tx, firmId, linkId) : undefined,
      logo: await findLogo(tx, firmId),
      newest: await findNewest(cx, tx, firmId, linkId),
    };
  });
}

/** Follows the successors to the last one: the payer of the first of several links need not open each. */
async function findNewest(
  cx: Context,
  tx: Tx,
  firmId: string,
  linkId: string,
): Promise<OpenedLink["newest"]> {
  let newest: LinkRow | undefined;
  for (let count = 0; count < SUCCESSORS_LIMIT; count++) {
    const next = await findSuccessor(tx, firmId, newest?.id ?? linkId);
    if (!next) break;
    newest = next;
  }
  if (!newest) return undefined;
  const isPayable = pageOf(newest, cx.now()) === "payable";
  return { id: newest.id, state: newest.state, url: isPayable ? linkUrl(cx, newest) : undefined };
}

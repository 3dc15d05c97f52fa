import { conflict, invalid, notFound, Problem } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { amountFaultText, formatMoney, parseAmount, sumMinor } from "../base/money.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import type { Tx } from "../db/tx.ts";
import { demand } from "../web/env.ts";
import type { Hindrance } from "./assess.ts";
import { demandFits, insertPart, place, withoutStatement } from "./lay.ts";
import { recordPosting } from "./move.ts";
import { findPosting, lockPayment, type PostingRow } from "./queries.ts";
import { deleteShare, lockShares } from "./share-queries.ts";
import { findTarget, type Target } from "./target-queries.ts";

/** The field of a statement's amount in the form, and of what stays without one. */
export const shareField = (statementId: string) => `amount-${statementId}`;
export const REST_FIELD = "rest";
/** A payment on more statements than this is a mistake. */
const PARTS_LIMIT = 50;

export type TypedShares = ReadonlyMap<string, string>;
type Share = { target: Target | undefined; amountMinor: bigint; byHand: Hindrance | undefined };

/**
 * Lays what is not written of a payment on statements anew: `amounts` holds what was typed by the statement's id, `rest` what stays
 * without a statement for now. Both together must add up to it. Written parts stay as they are: they are to be taken back first.
 * Throws `invalid` by field (`amount-<statement id>`, `rest`), `conflict` when nothing can be changed any more.
 */
export async function reallocate(
  cx: MemberContext,
  input: { postingId: string; amounts: TypedShares; rest: string },
): Promise<void> {
  demand(cx, "postings.manage");
  await withFirm(cx.database, cx.firmId, async (tx) => {
    const named = await findPosting(tx, cx.firmId, input.postingId);
    if (!named) throw notFound("posting");
    await lockPayment(tx, cx.firmId, named.payment_id);
    const { open } = await lockShares(tx, cx.firmId, named.payment_id);
    const [first] = open;
    if (!first) throw conflict(NOTHING_OPEN);
    const shares = await readShares(tx, cx, first, open, input);
    demandSum(shares, sumMinor(open.map((posting) => posting.amount_minor)), first.currency);
    await spread(tx, cx, open, shares);
  });
}

export const NOTHING_OPEN =
  "Every part of this payment is written or on its way. What is written must be taken back before it can go elsewhere.";

async function readShares(
  tx: Tx,
  cx: MemberContext,
  like: PostingRow,
  open: readonly PostingRow[],
  input: { amounts: TypedShares; rest: string },
): Promise<Share[]> {
  const errors: Record<string, string> = {};
  const shares: Share[] = [];
  for (const [statementId, typed] of input.amounts) {
    const field = shareField(statementId);
    const amountMinor = readAmount(typed, field, errors);
    if (amountMinor === 0n) continue;
    const target = isId(statementId) ? await findTarget(tx, cx.firmId, statementId) : undefined;
    if (!target) throw notFound("statement");
    const isAsBefore = open.some(
      (posting) => posting.statement_id === statementId && posting.amount_minor === amountMinor,
    );
    const byHand = isAsBefore ? undefined : fitOf(cx, like, target, amountMinor, field, errors);
    shares.push({ target, amountMinor, byHand });
  }
  const restMinor = readAmount(input.rest, REST_FIELD, errors);
  if (restMinor > 0n) shares.push({ target: undefined, amountMinor: restMinor, byHand: undefined });
  if (Object.keys(errors).length > 0) throw invalid(errors);
  if (shares.length > PARTS_LIMIT) throw invalid({ [REST_FIELD]: `Use ${PARTS_LIMIT} statements at most` });
  return shares;
}

function readAmount(typed: string, field: string, errors: Record<string, string>): bigint {
  if (typed.trim() === "") return 0n;
  const parsed = parseAmount(typed);
  if (parsed.ok) return parsed.minor;
  errors[field] = amountFaultText(parsed.fault);
  return 0n;
}

/** Why a person enters it there, where one does; what does not fit goes to the errors, beside its amount. */
function fitOf(
  cx: MemberContext,
  like: PostingRow,
  target: Target,
  amountMinor: bigint,
  field: string,
  errors: Record<string, string>,
): Hindrance | undefined {
  try {
    return demandFits(cx, like, target, amountMinor);
  } catch (error) {
    if (!(error instanceof Problem && error.code === "invalid")) throw error;
    errors[field] = error.message;
    return undefined;
  }
}

function demandSum(shares: readonly Share[], wholeMinor: bigint, currency: string): void {
  const sum = sumMinor(shares.map((share) => share.amountMinor));
  if (sum === wholeMinor) return;
  const money = (minor: bigint) => formatMoney({ minor, currency });
  const gap =
    sum < wholeMinor ? `${money(wholeMinor - sum)} is missing` : `${money(sum - wholeMinor)} is too much`;
  throw invalid({
    [REST_FIELD]: `The amounts add up to ${money(sum)}, and ${money(wholeMinor)} is to be laid: ${gap}`,
  });
}

/** Gives each share a posting: the one that lies there already, else one that is free, else a new one; what is left over goes. */
async function spread(
  tx: Tx,
  cx: MemberContext,
  open: readonly PostingRow[],
  shares: readonly Share[],
): Promise<void> {
  const free = [...open];
  const take = (wanted: (posting: PostingRow) => boolean): PostingRow | undefined => {
    const index = free.findIndex(wanted);
    return index < 0 ? undefined : free.splice(index, 1)[0];
  };
  const placeOf = (share: Share) => share.target?.statementId ?? null;
  const like = open[0];
  if (!like) return;
  const kept = shares.map((share) => {
    const isThere = (each: PostingRow) => each.statement_id === placeOf(share);
    const isSame = (each: PostingRow) => isThere(each) && each.amount_minor === share.amountMinor;
    // Money without a statement is what the others are made of.
    return { share, posting: take(isSame) ?? (share.target ? take(isThere) : undefined) };
  });
  for (const { share, posting } of kept) {
    const isSame = posting?.statement_id === placeOf(share) && posting?.amount_minor === share.amountMinor;
    if (!isSame) await settleShare(tx, cx, posting ?? take(() => true), like, share);
  }
  for (const posting of free) {
    await recordPosting(tx, cx, posting, { action: "posting.merged", facts: { problem: posting.problem } });
    await deleteShare(tx, cx.firmId, posting);
  }
}

async function settleShare(
  tx: Tx,
  cx: MemberContext,
  posting: PostingRow | undefined,
  like: PostingRow,
  { target, amountMinor, byHand }: Share,
): Promise<void> {
  const row = posting ?? (await insertPart(tx, cx, like, amountMinor, NEW_PART));
  if (target) {
    await place(tx, cx, row, { target, amountMinor, byHand, action: "posting.reallocated" });
  } else if (posting) {
    await withoutStatement(tx, cx, posting, amountMinor);
  }
}

const NEW_PART = "This part of the payment was left without a statement when it was reallocated.";

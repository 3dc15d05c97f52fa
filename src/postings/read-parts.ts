import { conflict, notFound } from "../base/error.ts";
import { isId } from "../base/id.ts";
import { formatDecimal, sumMinor } from "../base/money.ts";
import type { Tx } from "../db/tx.ts";
import type { PostingLine } from "./line-queries.ts";
import { findPaymentGroup } from "./list-queries.ts";
import type { PartsProps } from "./parts-view.tsx";
import type { PostingRow } from "./queries.ts";
import { NOTHING_OPEN, type TypedShares } from "./reallocate.ts";
import { lockShares } from "./share-queries.ts";
import { suggestTargets } from "./suggest.ts";
import { listTargets, type Target } from "./target-queries.ts";

type Parts = Pick<PartsProps, "payment" | "openMinor" | "fixed" | "offers"> & { rest: string };

/**
 * What the page of a payment's parts shows: what may be laid anew, what stays and why, and the statements that may take a share. What
 * was typed stands in place of what is stored. Throws `conflict` when nothing can be changed any more, `not_found`.
 */
export async function readParts(
  tx: Tx,
  firmId: string,
  posting: PostingLine,
  values: { amounts: TypedShares | undefined; rest: string | undefined; found: readonly Target[] },
): Promise<Parts> {
  const payment = await findPaymentGroup(tx, firmId, posting.payment_id);
  if (!payment) throw notFound("payment");
  const { open, fixed } = await lockShares(tx, firmId, posting.payment_id);
  if (open.length === 0) throw conflict(NOTHING_OPEN);
  const openMinor = sumMinor(open.map((each) => each.amount_minor));
  const stored = sharesOf(open);
  const typedIds = [...(values.amounts?.keys() ?? [])].filter(isId);
  const known = await listTargets(tx, firmId, [
    ...new Set([...stored.keys(), ...typedIds, ...fixed.flatMap((each) => each.statement_id ?? [])]),
  ]);
  const suggested = await suggestTargets(tx, firmId, { ...posting, amount_minor: openMinor });
  const offers = offersOf({ stored, typed: values.amounts, known, suggested, found: values.found, typedIds });
  const without = sumMinor(
    open.filter((each) => each.statement_id === null).map((each) => each.amount_minor),
  );
  return {
    payment,
    openMinor,
    offers,
    rest: values.rest ?? (without === 0n ? "" : formatDecimal(without)),
    fixed: fixed.map((each) => ({
      title: titleOf(each, known),
      amountMinor: each.amount_minor,
      state: each.state,
      why: whyFixed(each),
    })),
  };
}

/** What lies on each statement now, in minor units. */
function sharesOf(open: readonly PostingRow[]): Map<string, bigint> {
  const shares = new Map<string, bigint>();
  for (const { statement_id: id, amount_minor: minor } of open) {
    if (id !== null) shares.set(id, (shares.get(id) ?? 0n) + minor);
  }
  return shares;
}

function offersOf(given: {
  stored: ReadonlyMap<string, bigint>;
  typed: TypedShares | undefined;
  typedIds: readonly string[];
  known: readonly Target[];
  suggested: readonly { target: Target; why: string[] }[];
  found: readonly Target[];
}): Parts["offers"] {
  const offers = new Map<string, Parts["offers"][number]>();
  const add = (target: Target, why: string) => {
    const id = target.statementId;
    if (offers.has(id)) return;
    const stored = given.stored.get(id);
    const typed = given.typed?.get(id) ?? (given.typed || stored === undefined ? "" : formatDecimal(stored));
    offers.set(id, { target, why, typed });
  };
  const isIn = (ids: Iterable<string>) => new Set(ids);
  const [stored, typed] = [isIn(given.stored.keys()), isIn(given.typedIds)];
  for (const target of given.known) if (stored.has(target.statementId)) add(target, "A part lies on it.");
  for (const target of given.found) add(target, "It was searched for.");
  for (const { target, why } of given.suggested) add(target, why.join(" "));
  for (const target of given.known) {
    if (typed.has(target.statementId)) add(target, "It was searched for.");
  }
  return [...offers.values()];
}

function titleOf(posting: PostingRow, known: readonly Target[]): string {
  const target = known.find((each) => each.statementId === posting.statement_id);
  return target ? `Statement ${target.number}` : posting.reference;
}

const FIXED_WORDS: Record<PostingRow["state"], string> = {
  needs_attention: "A part of it was given back, or it stands in a file to import.",
  ready: "A part of it was given back.",
  posting: "It is on its way.",
  posted: "It is written. Take it back first.",
  set_aside: "It is set aside. Put it back first.",
};

function whyFixed(posting: PostingRow): string {
  return posting.outcome_unknown && posting.state !== "posting"
    ? "It may be written already. Look there first."
    : FIXED_WORDS[posting.state];
}

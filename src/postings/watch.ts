/** A posting that a person is to enter, and the balance of its statement since somebody was asked to. Amounts in minor units. */
export type Watched = {
  id: string;
  effectMinor: bigint;
  balanceMinor: bigint;
  totalMinor: bigint;
};

/** What the statement shows now. */
export type Shown = { balanceMinor: bigint; totalMinor: bigint; isVoid: boolean };

/** Another movement on the statement that may be in the balance or not: how it would change it. */
export type Other = { id: string; effectMinor: bigint };

/**
 * `wait`: nothing happened. `entered`: the balance moved by exactly this posting, whatever else is in it. `either`: it, or others,
 * explain the change. `otherwise`: nothing that we know explains it.
 */
export type Verdict = "wait" | "entered" | "either" | "otherwise";

/** With more movements on one statement than this, a person looks. */
const OTHERS_LIMIT = 14;

/**
 * Decides whether a statement's balance proves that a posting was entered there. It does when every set of known movements that adds
 * up to the change holds the posting: two entries of the same amount prove neither until both are there.
 */
export function judge(watched: Watched, shown: Shown, others: readonly Other[]): Verdict {
  if (shown.isVoid || shown.totalMinor !== watched.totalMinor) return "otherwise";
  const change = shown.balanceMinor - watched.balanceMinor;
  if (change === 0n) return "wait";
  if (others.length > OTHERS_LIMIT) return "either";
  const sums = sumsOf(others.map((other) => other.effectMinor));
  const withIt = sums.some((sum) => sum + watched.effectMinor === change);
  const withoutIt = sums.some((sum) => sum === change);
  if (withIt && withoutIt) return "either";
  if (withIt) return "entered";
  return withoutIt ? "wait" : "otherwise";
}

/** What a posting does to its statement's balance: a payment lowers it, a reversal raises it again. */
export function effectOf(posting: {
  kind: "payment" | "trust_deposit" | "reversal";
  amount_minor: bigint;
}): bigint {
  return posting.kind === "reversal" ? posting.amount_minor : -posting.amount_minor;
}

/** The sums of all subsets, each once. */
function sumsOf(effects: readonly bigint[]): bigint[] {
  const sums = new Set<bigint>([0n]);
  for (const effect of effects) {
    for (const sum of [...sums]) sums.add(sum + effect);
  }
  return [...sums];
}

import type { Capability } from "../../connectors/contract.ts";
import { formatMoney } from "../base/money.ts";
import type { Context } from "../context.ts";
import { isDisputed, isRestoring } from "./cause.ts";
import type { PostingRow } from "./queries.ts";
import type { Target } from "./target-queries.ts";

export type ProblemCode = NonNullable<PostingRow["problem"]>;
/** What keeps a posting from being written, and the same in words for the bookkeeper. */
export type Hindrance = { problem: ProblemCode; text: string };

const NEEDS: Record<PostingRow["kind"], Capability> = {
  payment: "postPayment",
  trust_deposit: "postTrustDeposit",
  reversal: "reverse",
};

/** How much of what is to be written. */
type Money = Pick<PostingRow, "kind" | "amount_minor" | "currency"> & {
  /** What asks for it, where it is not the payment itself. */
  cause?: string;
};

/**
 * What keeps this amount from being written on this statement, as far as we know; undefined when nothing does. The matter system
 * decides in the end: our copy of the statement may be a few minutes old.
 */
export function assess(
  cx: Pick<Context, "connectors">,
  money: Money,
  target: Target | undefined,
): Hindrance | undefined {
  if (!target) return { problem: "no_statement", text: "Nobody has said which statement this money is for." };
  return (
    assessConnection(cx, target) ?? assessStatement(money, target) ?? assessCapability(cx, money, target)
  );
}

/** The hindrance of a second payment of one link: it is to be refunded, not posted by itself. */
export function surplusHindrance(): Hindrance {
  return {
    problem: "surplus",
    text: "The link was paid twice. Refund this payment, or choose the statement that it is for.",
  };
}

/** The matter system's name, as far as it is configured. */
export function systemName(cx: Pick<Context, "connectors">, connector: string): string {
  return cx.connectors.get(connector)?.connector.manifest.name ?? connector;
}

function assessConnection(cx: Pick<Context, "connectors">, target: Target): Hindrance | undefined {
  const configured = cx.connectors.get(target.connector);
  const name = systemName(cx, target.connector);
  if (!configured || target.connectionState === "disconnected") {
    return {
      problem: "no_connection",
      text: `${name}, where statement ${target.number} is kept, is disconnected.`,
    };
  }
  return undefined;
}

function assessCapability(
  cx: Pick<Context, "connectors">,
  money: Money,
  target: Target,
): Hindrance | undefined {
  const configured = cx.connectors.get(target.connector);
  if (configured?.connector.manifest.capabilities.includes(NEEDS[money.kind])) return undefined;
  return unsupported(systemName(cx, target.connector), money, target);
}

/** The hindrance of an entry that the service cannot make there: a person does, and is told what. */
export function unsupported(system: string, money: Money, target: Target): Hindrance {
  const amount = formatMoney({ minor: money.amount_minor, currency: money.currency });
  const place = `statement ${target.number} of matter ${target.matterNumber}`;
  const text =
    money.kind === "reversal"
      ? `${system} takes nothing back for us. Take ${amount} back on ${place} there.`
      : `${system} cannot be written to. Enter ${amount} on ${place} there.`;
  return { problem: "unsupported", text: `${text} We notice it by the balance, or you say that it is done.` };
}

/** What the statement itself has against it, as far as we know. */
export function assessStatement(money: Money, target: Target): Hindrance | undefined {
  // What is undone was written while the statement was open; it may be closed since.
  if (money.kind === "reversal") return assessTrust(money, target);
  // Its reversal made the room, which our copy may not show yet: the matter system decides.
  if (isRestoring(money.cause ?? "")) return undefined;
  if (target.isDeleted || target.state !== "open") return statementClosed(target);
  if (target.balanceMinor < money.amount_minor) return balanceChanged(money, target);
  return undefined;
}

/** A dispute never comes out of trust, and nothing may leave a matter's trust ledger that it does not hold. */
function assessTrust(money: Money, target: Target): Hindrance | undefined {
  if (target.kind !== "trust_request") return undefined;
  const amount = formatMoney({ minor: money.amount_minor, currency: money.currency });
  if (isDisputed(money.cause ?? "")) {
    return {
      problem: "trust_guard",
      text: `The payer’s bank took ${amount} of a trust deposit back. A dispute never comes out of trust: move ${amount} from an operating account into the trust account, then set this aside with that as the reason.`,
    };
  }
  if (target.trustHeldMinor === null || target.trustHeldMinor >= money.amount_minor) return undefined;
  const held = formatMoney({ minor: target.trustHeldMinor, currency: money.currency });
  return {
    problem: "trust_guard",
    text: `Matter ${target.matterNumber} holds only ${held} in trust, and ${amount} of its deposit went back. Move the difference from an operating account into trust, then enter the reversal there by hand.`,
  };
}

/** The hindrance of a statement that takes no more money. */
export function statementClosed(target: Pick<Target, "number" | "state" | "isDeleted">): Hindrance {
  const words = target.isDeleted || target.state === "open" ? "no longer there" : STATE_WORDS[target.state];
  return { problem: "statement_closed", text: `Statement ${target.number} is ${words}.` };
}

/** The hindrance of a statement on which less is open than was paid. */
export function balanceChanged(money: Money, target: Pick<Target, "number" | "balanceMinor">): Hindrance {
  const open = formatMoney({ minor: target.balanceMinor, currency: money.currency });
  const paid = formatMoney({ minor: money.amount_minor, currency: money.currency });
  return {
    problem: "balance_changed",
    text: `Only ${open} is open on statement ${target.number}, less than the ${paid} that was paid.`,
  };
}

export const STATE_WORDS = { void: "void", paid: "paid already", open: "open" } as const;

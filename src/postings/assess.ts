import type { Capability } from "../../connectors/contract.ts";
import { formatMoney } from "../base/money.ts";
import type { Context } from "../context.ts";
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
type Money = Pick<PostingRow, "kind" | "amount_minor" | "currency">;

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
  return assessConnection(cx, money, target) ?? assessStatement(money, target);
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

function assessConnection(
  cx: Pick<Context, "connectors">,
  money: Money,
  target: Target,
): Hindrance | undefined {
  const configured = cx.connectors.get(target.connector);
  const name = systemName(cx, target.connector);
  if (!configured || target.connectionState === "disconnected") {
    return {
      problem: "no_connection",
      text: `${name}, where statement ${target.number} is kept, is disconnected.`,
    };
  }
  if (!configured.connector.manifest.capabilities.includes(NEEDS[money.kind])) {
    return { problem: "unsupported", text: `${name} cannot be written to. ${byHand(money, target)}` };
  }
  return undefined;
}

function assessStatement(money: Money, target: Target): Hindrance | undefined {
  // What is undone was written while the statement was open; it may be closed since.
  if (money.kind === "reversal") return undefined;
  if (target.isDeleted || target.state !== "open") return statementClosed(target);
  if (target.balanceMinor < money.amount_minor) return balanceChanged(money, target);
  return undefined;
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

function byHand(money: Money, target: Target): string {
  const amount = formatMoney({ minor: money.amount_minor, currency: money.currency });
  return `Enter ${amount} on statement ${target.number} of matter ${target.matterNumber} there, then mark it as posted.`;
}

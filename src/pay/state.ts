import type { LinkState } from "../links/state.ts";
import type { CheckoutState } from "./queries.ts";

/** What the payer sees at the link's address. */
type PayPageKind = "payable" | "processing" | "paid" | "cancelled" | "expired";

const PAGES = {
  outstanding: "payable",
  processing: "processing",
  payment_received: "paid",
  part_paid: "paid",
  cancelled: "cancelled",
  expired: "expired",
} as const satisfies Record<LinkState, PayPageKind>;

/** The page of a link. One whose time is over says so at once, also before the job that closes it has come by. */
export function pageOf(link: { state: LinkState; expires_at: Date }, now: Date): PayPageKind {
  if (link.state === "outstanding" && link.expires_at <= now) return "expired";
  return PAGES[link.state];
}

/**
 * Every move of a checkout. `preparing`: stored, and the processor is being asked. `abandoned`: nobody was ever given its address.
 * `completed` may follow each of them: the processor's word that it was paid counts, whatever we thought.
 */
const MOVES = {
  preparing: ["open", "abandoned", "completed", "expired"],
  open: ["completed", "expired"],
  expired: ["completed"],
  abandoned: ["completed", "expired"],
  completed: [],
} as const satisfies Record<CheckoutState, readonly CheckoutState[]>;

/** The states from which a checkout may come into this one. */
export function statesBefore(to: CheckoutState): CheckoutState[] {
  const states = Object.keys(MOVES) as CheckoutState[];
  return states.filter((from) => (MOVES[from] as readonly CheckoutState[]).includes(to));
}

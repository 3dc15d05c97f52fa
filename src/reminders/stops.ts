import type { LinkRow } from "../links/queries.ts";
import { stateAt } from "../links/state.ts";

/** Why a link that may still be paid gets no reminder at the moment. */
type Pause = "off" | "processing" | "bounced" | "no_address";
export type Stop = Pause | "payment_received" | "part_paid" | "cancelled" | "expired";

type Facts = Pick<LinkRow, "state" | "expires_at" | "delivery" | "reminders_on" | "payer_emails">;

/**
 * What keeps a link from being reminded of, the most final reason first; undefined when nothing does. A payment with a dispute keeps
 * its link closed, so it stops like any payment. An email that bounces at one of several addresses stops all until somebody has seen to it.
 */
export function stopOf(link: Facts, now: Date): Stop | undefined {
  const state = stateAt(link, now);
  if (state !== "outstanding") return state;
  if (link.payer_emails.length === 0) return "no_address";
  if (link.delivery === "bounced") return "bounced";
  return link.reminders_on ? undefined : "off";
}

/** Whether a stop may end while the link lives. */
export function isPause(stop: Stop): stop is Pause {
  return stop === "off" || stop === "processing" || stop === "bounced" || stop === "no_address";
}

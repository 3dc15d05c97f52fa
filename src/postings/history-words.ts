import type { Selectable } from "kysely";
import { formatInstant, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import type { AuditEvent } from "../db/schema.ts";
import type { IconName } from "../ui/icons.tsx";
import type { TimelineEntry } from "../ui/lists.tsx";
import type { PostingAction } from "./move.ts";
import { PROBLEM_TITLES } from "./problem-words.ts";

type Facts = Readonly<Record<string, unknown>>;
type Words = { icon: IconName; title: string; tone?: "info" | "good" };

const WORDS: Record<PostingAction, Words> = {
  "posting.prepared": { icon: "plus", title: "Prepared" },
  "posting.released": { icon: "bolt", title: "Released" },
  "posting.started": { icon: "s-up", title: "On its way to the matter system", tone: "info" },
  "posting.delayed": { icon: "clock", title: "Waits for the matter system" },
  "posting.posted": { icon: "s-done", title: "Posted", tone: "good" },
  "posting.markedPosted": { icon: "check", title: "Marked as posted", tone: "good" },
  "posting.needsAttention": { icon: "s-alert", title: "Needs attention" },
  "posting.laid": { icon: "ledger", title: "Laid on a statement" },
  "posting.setAside": { icon: "pause", title: "Set aside" },
  "posting.putBack": { icon: "undo", title: "Put back to work" },
  "posting.held": { icon: "pause", title: "Held as unapplied" },
  "posting.reallocated": { icon: "ledger", title: "Reallocated" },
  "posting.merged": { icon: "ledger", title: "Its amount was laid on other parts" },
  "posting.filed": { icon: "download", title: "Put into a file to import" },
  "posting.unfiled": { icon: "undo", title: "Taken out of its file" },
  "posting.watched": { icon: "eye", title: "The balance changed" },
  "posting.confirmed": { icon: "s-done", title: "Confirmed by the balance", tone: "good" },
};

/** One line of a posting's record in plain words, newest facts first in its detail. Times in the firm's zone. */
export function describePostingEvent(
  event: Selectable<AuditEvent>,
  currency: string,
  timeZone: string,
): TimelineEntry {
  const words: Words = (WORDS as Record<string, Words>)[event.action] ?? {
    icon: "flag",
    title: event.action,
  };
  const after = isFacts(event.after) ? event.after : {};
  const details = [...detailsOf(after, currency), `${event.actor_name}.`];
  return {
    icon: words.icon,
    title: words.title,
    ...(words.tone === undefined ? {} : { tone: words.tone }),
    time: formatInstant(event.at, timeZone),
    dateTime: event.at.toISOString(),
    detail: details.join(" "),
  };
}

function detailsOf(after: Facts, currency: string): string[] {
  const details: string[] = [];
  const say = (words: string) => details.push(/[.!?]$/.test(words) ? words : `${words}.`);
  const text = (name: string) => (typeof after[name] === "string" ? String(after[name]) : undefined);
  const problem = text("problem");
  if (problem !== undefined && Object.hasOwn(PROBLEM_TITLES, problem))
    say(PROBLEM_TITLES[problem as keyof typeof PROBLEM_TITLES]);
  const statement = text("statement");
  if (statement !== undefined) say(`${moneyOf(after.amountMinor, currency)} on statement ${statement}`);
  const number = text("externalId");
  if (number !== undefined) say(`Number there: ${number}`);
  const day = text("postedOn");
  if (day !== undefined) say(`Dated ${formatShortDay(day)}`);
  if (text("balanceBefore") !== undefined) {
    const [from, to] = [moneyOf(after.balanceBefore, currency), moneyOf(after.balanceAfter, currency)];
    say(`The statement’s balance went from ${from} to ${to}`);
  }
  if (typeof after.attempt === "number" && after.attempt > 1) say(`Try ${after.attempt}`);
  if (after.saidToBeAbsent === true) say("It was looked for there and is not there");
  for (const name of ["because", "reason", "text", "file"]) {
    const words = text(name);
    if (words !== undefined) say(words);
  }
  return details;
}

function moneyOf(minor: unknown, currency: string): string {
  return typeof minor === "string" && /^-?\d+$/.test(minor)
    ? formatMoney({ minor: BigInt(minor), currency })
    : "";
}

function isFacts(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { Selectable } from "kysely";
import { formatInstant } from "../base/day.ts";
import type { AuditEvent } from "../db/schema.ts";
import type { TimelineEntry } from "../ui/lists.tsx";
import { EVENT_WORDS, type EventFacts } from "./history-words.ts";

/** A line of the firm's record in plain words, for the time line. Times in the firm's zone. */
export function describeEvent(event: Selectable<AuditEvent>, timeZone: string): TimelineEntry {
  const words = EVENT_WORDS[event.action] ?? { icon: "flag", title: plainAction(event.action) };
  const after = isFacts(event.after) ? event.after : {};
  const who = event.actor_kind === "mail" ? undefined : event.actor_name;
  const detail = [words.detail?.(after, timeZone), who]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
  return {
    icon: words.icon,
    title: words.title,
    ...(words.tone === undefined ? {} : { tone: words.tone }),
    time: formatInstant(event.at, timeZone),
    dateTime: event.at.toISOString(),
    detail: detail === "" ? undefined : detail,
  };
}

/** The payer's visits, which the link counts by its first and last only. Undefined when nobody came. */
function describeViews(
  link: { first_viewed_at: Date | null; last_viewed_at: Date | null },
  timeZone: string,
): { at: Date; entry: TimelineEntry } | undefined {
  const { first_viewed_at: first, last_viewed_at: last } = link;
  if (!first || !last) return undefined;
  const entry: TimelineEntry = {
    icon: "eye",
    title: "Viewed",
    tone: "info",
    time: formatInstant(first, timeZone),
    dateTime: first.toISOString(),
    detail: last > first ? `Last on ${formatInstant(last, timeZone)}.` : undefined,
  };
  return { at: first, entry };
}

/** A link's whole time line, newest first. */
export function timelineOf(
  link: { first_viewed_at: Date | null; last_viewed_at: Date | null },
  events: readonly Selectable<AuditEvent>[],
  timeZone: string,
): TimelineEntry[] {
  const views = describeViews(link, timeZone);
  const before = views ? events.findIndex((event) => event.at < views.at) : -1;
  const entries = events.map((event) => describeEvent(event, timeZone));
  if (views) entries.splice(before === -1 ? entries.length : before, 0, views.entry);
  return entries;
}

/** `posting.setAside` becomes `Posting set aside`: for what other features record. */
function plainAction(action: string): string {
  const text = action
    .replace(".", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}`;
}

function isFacts(value: unknown): value is EventFacts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

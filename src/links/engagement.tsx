import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, dayOf, formatNearDay } from "../base/day.ts";
import { Engagement } from "../ui/tags.tsx";
import type { LinkRow } from "./queries.ts";

type EngagementFacts = {
  delivery: LinkRow["delivery"];
  deliveryReason: string | null;
  firstViewedAt: Date | null;
  lastViewedAt: Date | null;
  triedAt: Date | null;
};

/** How far a link came with its payer: sent, delivered, viewed, tried. The furthest step is named in words. */
export function LinkEngagement(props: { facts: EngagementFacts; timeZone: string; today: Day }): JSX.Element {
  const { facts } = props;
  const day = (instant: Date) => formatNearDay(dayOf(instant, props.timeZone), props.today);
  if (facts.triedAt) return <Engagement reached="viewed" failed words={`Tried ${day(facts.triedAt)}`} />;
  if (facts.lastViewedAt) return <Engagement reached="viewed" words={`Viewed ${day(facts.lastViewedAt)}`} />;
  switch (facts.delivery) {
    case "not_emailed":
      return <Engagement reached="none" words="Not emailed" />;
    case "queued":
      return <Engagement reached="none" words={facts.deliveryReason === null ? "Queued" : "Perhaps sent"} />;
    case "sent":
      return <Engagement reached="sent" words="Sent" />;
    case "delivered":
      return <Engagement reached="delivered" words="Delivered" />;
    case "bounced":
      return <Engagement reached="sent" failed words="Bounced" />;
  }
}

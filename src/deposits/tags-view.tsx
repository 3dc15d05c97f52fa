import type { JSX } from "hono/jsx/jsx-runtime";
import type { IconName } from "../ui/icons.tsx";
import { Tag } from "../ui/tags.tsx";
import type { Tone } from "../ui/tone.ts";
import type { DepositRow } from "./queries.ts";
import { type DepositState, depositWord } from "./state.ts";
import { tieWord } from "./words.ts";

const TAGS: Record<DepositState, { icon: IconName; tone?: Tone }> = {
  pending: { icon: "s-wait", tone: "info" },
  in_transit: { icon: "s-up", tone: "info" },
  paid: { icon: "s-done", tone: "good" },
  failed: { icon: "s-x", tone: "bad" },
  cancelled: { icon: "s-off" },
};

const TIE_ICONS: Record<Tone, IconName> = { good: "s-done", bad: "s-alert", warn: "s-part", info: "s-wait" };

/** The state of a deposit, always in the same word, shape and tone. */
export function DepositTag({ state }: { state: DepositState }): JSX.Element {
  return (
    <Tag icon={TAGS[state].icon} tone={TAGS[state].tone}>
      {depositWord(state)}
    </Tag>
  );
}

/** Whether our books explain a deposit to the cent. */
export function TieTag({
  deposit,
}: {
  deposit: Pick<DepositRow, "ties" | "contents" | "state">;
}): JSX.Element {
  const { word, tone } = tieWord(deposit);
  return (
    <Tag icon={tone ? TIE_ICONS[tone] : "s-off"} tone={tone}>
      {word}
    </Tag>
  );
}

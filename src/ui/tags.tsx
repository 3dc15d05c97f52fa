import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon, type IconName } from "./icons.tsx";
import type { Tone } from "./tone.ts";

/** A state as a word and a shape; the tone only supports them. */
export function Tag(props: { icon: IconName; tone?: Tone | undefined; children: Child }): JSX.Element {
  return (
    <span class="tag" data-tone={props.tone}>
      <Icon name={props.icon} />
      {props.children}
    </span>
  );
}

type StateTag = { word: string; icon: IconName; tone?: Tone };

const LINK_TAGS = {
  outstanding: { word: "Outstanding", icon: "s-open" },
  processing: { word: "Processing", icon: "s-wait", tone: "info" },
  payment_received: { word: "Payment received", icon: "s-done", tone: "good" },
  part_paid: { word: "Part paid", icon: "s-part", tone: "warn" },
  cancelled: { word: "Cancelled", icon: "s-off" },
  expired: { word: "Expired", icon: "s-expired" },
} as const satisfies Record<string, StateTag>;

const POSTING_TAGS = {
  needs_attention: { word: "Needs attention", icon: "s-alert", tone: "bad" },
  ready: { word: "Ready", icon: "s-diamond", tone: "info" },
  posting: { word: "Posting", icon: "s-up", tone: "info" },
  posted: { word: "Posted", icon: "s-done", tone: "good" },
  reversed: { word: "Reversed", icon: "undo" },
  set_aside: { word: "Set aside", icon: "pause" },
} as const satisfies Record<string, StateTag>;

type LinkTagState = keyof typeof LINK_TAGS;
export type PostingTagState = keyof typeof POSTING_TAGS;

/** The state of a payment link, always in the same word, shape and tone. */
export function LinkTag({ state }: { state: LinkTagState }): JSX.Element {
  return <FixedTag tag={LINK_TAGS[state]} />;
}

/** The state of a posting. A reversal that was posted shows as `reversed`. */
export function PostingTag({ state }: { state: PostingTagState }): JSX.Element {
  return <FixedTag tag={POSTING_TAGS[state]} />;
}

/** The word of a link's state, for tabs and titles. */
export function linkWord(state: LinkTagState): string {
  return LINK_TAGS[state].word;
}

/** The word of a posting's state, for tabs and titles. */
export function postingWord(state: PostingTagState): string {
  return POSTING_TAGS[state].word;
}

/** Where money goes. Trust is solid with a shield, operating outlined with a case, so that they never look alike. */
export function AccountBadge(props: {
  kind: "trust" | "operating";
  /** Last four digits of the account, when known. */
  last4?: string | undefined;
  stacked?: boolean | undefined;
}): JSX.Element {
  const trust = props.kind === "trust";
  return (
    <span class="account" data-kind={props.kind} data-stacked={props.stacked ? "" : undefined}>
      <span class="account-kind">
        <Icon name={trust ? "shield" : "briefcase"} />
        {trust ? "Trust" : "Operating"}
      </span>
      {props.last4 ? ` ··${props.last4}` : null}
    </span>
  );
}

const STEPS = { none: 0, sent: 1, delivered: 2, viewed: 3 } as const;

/** How far an email came: sent, delivered, viewed. `failed` crosses out the step after the last one reached. */
export function Engagement(props: {
  reached: keyof typeof STEPS;
  failed?: boolean | undefined;
  /** What happened in words: "Viewed twice", "Bounced today". */
  words: string;
}): JSX.Element {
  const steps = STEPS[props.reached];
  return (
    <span class="engagement" data-tone={props.failed ? "bad" : undefined}>
      <svg class="engagement-track" viewBox="0 0 40 10" aria-hidden="true">
        <path class={steps >= 2 || (steps === 1 && props.failed) ? "reached" : undefined} d="M8 5h9" />
        <path class={steps >= 3 || (steps === 2 && props.failed) ? "reached" : undefined} d="M23 5h9" />
        {[5, 20, 35].map((centre, index) =>
          props.failed && index === steps ? (
            <path class="failed" d={`m${centre - 3} 2 6 6M${centre + 3} 2l-6 6`} />
          ) : (
            <circle class={index < steps ? "reached" : undefined} cx={centre} cy="5" r="3" />
          ),
        )}
      </svg>
      {props.words}
    </span>
  );
}

function FixedTag({ tag }: { tag: StateTag }): JSX.Element {
  return (
    <Tag icon={tag.icon} tone={tag.tone}>
      {tag.word}
    </Tag>
  );
}

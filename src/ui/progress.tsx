// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon } from "./icons.tsx";
import { type Swap, swapAttributes } from "./swap.ts";

/** Where a member stands in a flow of a few steps. `current` counts from 0; the steps before it are done. */
export function Stepper(props: { steps: readonly string[]; current: number }): JSX.Element {
  return (
    <ol class="stepper" role="list">
      {props.steps.map((step, index) => {
        const done = index < props.current;
        return (
          <li
            data-state={done ? "done" : undefined}
            aria-current={index === props.current ? "step" : undefined}
          >
            <span class="stepper-mark">
              {done ? (
                <>
                  <Icon name="check" />
                  <span class="visually-hidden">Done: </span>
                </>
              ) : (
                index + 1
              )}
            </span>
            {step}
          </li>
        );
      })}
    </ol>
  );
}

/** A bar, and the words it stands for: never the bar alone. Whole numbers; a bar of money takes minor units. */
export function ProgressBar(props: { value: number; max: number; words: string }): JSX.Element {
  return (
    <progress class="progress" max={props.max} value={props.value} aria-label={props.words}>
      {props.words}
    </progress>
  );
}

/**
 * Work that goes on behind the page. Where the script runs the part is asked for again until an answer comes without
 * `poll`; without it the link does the same. `id` is the swap's target, unless more of the page follows the work.
 */
export function ProgressPanel(props: {
  id: string;
  title: string;
  value: number;
  max: number;
  /** The counts, spoken when they change. */
  counts?: Child | undefined;
  foot?: Child | undefined;
  /** Set while the work goes on. */
  poll?: { href: string; nonce: string; everySeconds: number; target?: string | undefined } | undefined;
}): JSX.Element {
  const swap: Swap | undefined = props.poll && {
    nonce: props.poll.nonce,
    target: props.poll.target ?? `#${props.id}`,
    trigger: `every ${props.poll.everySeconds}s`,
  };
  return (
    <section
      class="panel"
      id={props.id}
      aria-labelledby={`${props.id}-title`}
      {...(swap && props.poll ? swapAttributes(swap, "get", props.poll.href) : {})}
    >
      <div class="panel-body stack">
        <div class="cluster" data-spread="">
          <h2 id={`${props.id}-title`}>{props.title}</h2>
          {props.poll ? <a href={props.poll.href}>Check again</a> : null}
        </div>
        <ProgressBar value={props.value} max={props.max} words={props.title} />
        {props.counts ? (
          <div class="cluster" data-gap="l" role="status" id={`${props.id}-counts`}>
            {props.counts}
          </div>
        ) : null}
      </div>
      {props.foot ? <p class="panel-foot soft">{props.foot}</p> : null}
    </section>
  );
}

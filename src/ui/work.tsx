// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon, type IconName } from "./icons.tsx";
import type { Tone } from "./tone.ts";

export type QueueItem = {
  icon: IconName;
  tone?: Extract<Tone, "warn" | "bad"> | undefined;
  title: Child;
  detail?: Child | undefined;
  action: { label: string; href: string };
};

/** What needs a person, most urgent first; the button names the way out. */
export function Queue({ items }: { items: readonly QueueItem[] }): JSX.Element {
  return (
    <ul class="queue" role="list">
      {items.map((item) => (
        <li>
          <span class="queue-icon" data-tone={item.tone}>
            <Icon name={item.icon} />
          </span>
          <div>
            <strong>{item.title}</strong>
            {item.detail ? <small>{item.detail}</small> : null}
          </div>
          <a class="button" data-size="s" href={item.action.href}>
            {item.action.label}
          </a>
        </li>
      ))}
    </ul>
  );
}

export type Tile = { name: string; figure: Child; detail?: Child | undefined };

/** Key figures. For an amount give a `MoneyHeadline`. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }): JSX.Element {
  return (
    <dl class="tiles">
      {tiles.map((tile) => (
        <div class="tile">
          <dt>{tile.name}</dt>
          <dd>{tile.figure}</dd>
          {tile.detail ? <dd>{tile.detail}</dd> : null}
        </div>
      ))}
    </dl>
  );
}

type AgeingBar = {
  label: string;
  amount: string;
  href: string;
  detail: string;
  /** The share of the whole, 0 to 100. */
  percent: number;
};

/** Money by age. Each bar opens the list behind it; the figures stand beside it in words. */
export function Ageing({ bars }: { bars: readonly AgeingBar[] }): JSX.Element {
  return (
    <ul class="ageing" role="list">
      {bars.map((bar) => (
        <li>
          <a href={bar.href}>
            <strong>{bar.label}</strong>
            <span class="money">{bar.amount}</span>
            <svg class="bar" aria-hidden="true">
              <rect width={`${bar.percent}%`} height="100%" />
            </svg>
            <small>{bar.detail}</small>
            <small>{Math.round(bar.percent)}%</small>
          </a>
        </li>
      ))}
    </ul>
  );
}

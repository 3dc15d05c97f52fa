import type { JSX } from "hono/jsx/jsx-runtime";
import type { Role } from "../base/permission.ts";
import { Section } from "../ui/layout.tsx";
import { Chips, formatCount } from "../ui/listing.tsx";
import { Notice } from "../ui/notices.tsx";
import { Queue } from "../ui/work.tsx";
import { KIND_WORDS, WORK_KINDS, type WorkKind, workHref } from "./kinds.ts";
import type { Dashboard } from "./read-dashboard.ts";
import { countWork, workOf } from "./work.ts";

export type WorkSectionProps = {
  dashboard: Dashboard;
  role: Role;
  /** The kind of work that is looked at alone. */
  kind: WorkKind | undefined;
};

/** What needs a person, of one kind or of all, with the way to each kind. */
export function WorkSection({ dashboard, role, kind }: WorkSectionProps): JSX.Element {
  const counts = countWork(dashboard);
  const kinds = WORK_KINDS.filter((each) => counts[each] > 0);
  const total = kinds.reduce((sum, each) => sum + counts[each], 0);
  const items = workOf(dashboard, role, kind);
  const chip = (each: WorkKind | undefined, words: string, count: number) => ({
    label: `${words} ${formatCount(count)}`,
    href: workHref(each),
    on: each === kind,
  });
  return (
    <Section
      id="queue"
      title="Needs a person"
      detail={
        kinds.length > 1 || kind !== undefined ? (
          <Chips
            label="Show only"
            chips={[
              chip(undefined, "All", total),
              ...kinds.map((each) => chip(each, KIND_WORDS[each], counts[each])),
            ]}
          />
        ) : undefined
      }
    >
      {total === 0 ? (
        <Notice tone="good" title="All done.">
          Nothing waits for you.
        </Notice>
      ) : items.length === 0 ? (
        <Notice tone="good" title="Nothing of this kind is left.">
          <a href={workHref(undefined)}>See what else needs a person</a>
        </Notice>
      ) : (
        <>
          <Queue items={items} />
          <p class="soft">
            <small>Most urgent first</small>
          </p>
        </>
      )}
    </Section>
  );
}

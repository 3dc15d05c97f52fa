import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { PageHeader, Split } from "./layout.tsx";
import { type Member, SettingsNav, type SettingsPlace } from "./nav.tsx";
import { Notice } from "./notices.tsx";

/** One answer that two people gave differently. */
export type Difference = { label: string; theirs: string; mine: string };

/** One page of the settings: the list of pages, then one section with its heading. */
export function SettingsPage(props: {
  current: SettingsPlace;
  member: Member;
  title: string;
  /** What a change reaches: new requests alone, or what was sent already as well. */
  reach: string;
  /** Beside the heading: who changed it last, or a link. */
  aside?: Child | undefined;
  /** What another person saved while this page was open. */
  stale?: readonly Difference[] | undefined;
  children: Child;
}): JSX.Element {
  const id = `${props.current}-title`;
  return (
    <>
      <PageHeader title="Settings" detail={props.reach} />
      <Split companion="lead">
        <SettingsNav current={props.current} member={props.member} />
        <section class="settings-section" aria-labelledby={id}>
          <div class="section-head">
            <h2 id={id}>{props.title}</h2>
            {props.aside ? <p>{props.aside}</p> : null}
          </div>
          <div class="stack">
            {props.stale ? <StaleNotice differences={props.stale} /> : null}
            {props.children}
          </div>
        </section>
      </Split>
    </>
  );
}

function StaleNotice({ differences }: { differences: readonly Difference[] }): JSX.Element {
  return (
    <Notice tone="warn" role="alert" title="Somebody else changed this while you were writing.">
      <p>
        Nothing of yours is saved yet. The boxes hold what you wrote: change it to what should hold, then save
        again.
      </p>
      {differences.length === 0 ? null : (
        <dl class="kv">
          {differences.map((difference) => (
            <div>
              <dt>{difference.label}</dt>
              <dd>
                Saved meanwhile: <bdi>{difference.theirs === "" ? "nothing" : difference.theirs}</bdi>
                <br />
                You wrote: <bdi>{difference.mine === "" ? "nothing" : difference.mine}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Notice>
  );
}

// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Icon } from "./icons.tsx";

/** The heading of a page, its state as a tag, one sentence about it, and its actions. */
export function PageHeader(props: {
  title: Child;
  tag?: Child | undefined;
  detail?: Child | undefined;
  actions?: Child | undefined;
}): JSX.Element {
  return (
    <div class="page-header">
      <div>
        <h1>{props.title}</h1>
        {props.tag ? (
          <p class="cluster">
            {props.tag}
            <span>{props.detail}</span>
          </p>
        ) : props.detail ? (
          <p>{props.detail}</p>
        ) : null}
      </div>
      {props.actions ? <div class="cluster">{props.actions}</div> : null}
    </div>
  );
}

/** The way up. The last crumb is the page itself and has no link. */
export function Breadcrumb({
  crumbs,
}: {
  crumbs: readonly { label: string; href?: string | undefined }[];
}): JSX.Element {
  return (
    <nav class="breadcrumb" aria-label="Breadcrumb">
      <ol role="list">
        {crumbs.map((crumb) =>
          crumb.href ? (
            <li>
              <a href={crumb.href}>{crumb.label}</a>
            </li>
          ) : (
            <li aria-current="page">{crumb.label}</li>
          ),
        )}
      </ol>
    </nav>
  );
}

/** Things under each other with even gaps. */
export function Stack(props: { gap?: "s" | "l" | "xl" | undefined; children: Child }): JSX.Element {
  return (
    <div class="stack" data-gap={props.gap}>
      {props.children}
    </div>
  );
}

/** Things beside each other that wrap. */
export function Cluster(props: {
  gap?: "l" | undefined;
  spread?: boolean | undefined;
  children: Child;
}): JSX.Element {
  return (
    <div class="cluster" data-gap={props.gap} data-spread={props.spread ? "" : undefined}>
      {props.children}
    </div>
  );
}

/** Two columns on a wide screen. The first child is the main one; give the second the class `companion` to keep it in view. */
export function Split(props: {
  companion?: "wide" | "narrow" | "lead" | undefined;
  children: Child;
}): JSX.Element {
  return (
    <div class="split" data-companion={props.companion}>
      {props.children}
    </div>
  );
}

/** A section of a page under its own heading, without a box. `id` names it and must be unique. */
export function Section(props: {
  id: string;
  title: Child;
  detail?: Child | undefined;
  hideTitle?: boolean | undefined;
  children: Child;
}): JSX.Element {
  return (
    <section aria-labelledby={props.id}>
      {props.hideTitle ? (
        <h2 class="visually-hidden" id={props.id}>
          {props.title}
        </h2>
      ) : (
        <div class="section-head">
          <h2 id={props.id}>{props.title}</h2>
          {props.detail ? <div class="section-detail">{props.detail}</div> : null}
        </div>
      )}
      {props.children}
    </section>
  );
}

/** A box with a heading, a body and a foot. `bare` leaves the body's padding to the children, for lists and tables. */
export function Panel(props: {
  /** Unique on the page; names the panel for screen readers. */
  id: string;
  title: Child;
  aside?: Child | undefined;
  foot?: Child | undefined;
  companion?: boolean | undefined;
  bare?: boolean | undefined;
  children: Child;
}): JSX.Element {
  return (
    <section class={props.companion ? "panel companion" : "panel"} aria-labelledby={props.id}>
      <div class="panel-head">
        <h2 id={props.id}>{props.title}</h2>
        {props.aside}
      </div>
      {props.bare ? props.children : <div class="panel-body stack">{props.children}</div>}
      {props.foot ? <div class="panel-foot">{props.foot}</div> : null}
    </section>
  );
}

/** A part that opens on demand. `box` draws it as a panel, with a second line that says what is inside. */
export function Details(props: {
  summary: Child;
  detail?: Child | undefined;
  box?: boolean | undefined;
  open?: boolean | undefined;
  children: Child;
}): JSX.Element {
  if (!props.box) {
    return (
      <details open={props.open}>
        <summary>
          <span class="link-button">{props.summary}</span>
        </summary>
        {props.children}
      </details>
    );
  }
  return (
    <details class="panel" open={props.open}>
      <summary class="panel-head">
        <span>
          <strong>{props.summary}</strong>
          {props.detail ? (
            <>
              <br />
              <small class="soft">{props.detail}</small>
            </>
          ) : null}
        </span>
        <Icon name="chevron-down" />
      </summary>
      <div class="panel-body stack">{props.children}</div>
    </details>
  );
}

/** The final actions of a form; `sticky` keeps them at the bottom edge of a long one. */
export function ActionBar(props: {
  words?: Child | undefined;
  sticky?: boolean | undefined;
  children: Child;
}): JSX.Element {
  return (
    <div class="action-bar" data-sticky={props.sticky ? "" : undefined}>
      <p class="soft">{props.words}</p>
      <div class="cluster">{props.children}</div>
    </div>
  );
}

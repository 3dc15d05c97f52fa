// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { HtmlDocument, pageTitle, StaffHead, StatusLine } from "./document.tsx";
import { BrandMark, Icon } from "./icons.tsx";
import { Sidebar, type SidebarProps } from "./nav.tsx";
import { ErrorSummary, type FieldErrors, hasErrors, Notice, type PageNotice } from "./notices.tsx";

const LANG = "en-US";

/** Addresses of the stand-ins for the outside world, where there are any. */
type SandboxLinks = { docket: string; processor: string; outbox: string };

export type StaffPageProps = SidebarProps & {
  /** What the page is; the product's name is added. */
  title: string;
  nonce: string;
  sandbox?: SandboxLinks | undefined;
  /** The outcome of the last action. Not shown together with errors. */
  notice?: PageNotice | undefined;
  /** What must be corrected: shown as a summary above the heading, and announced by the title. */
  errors?: FieldErrors | undefined;
  children: Child;
};

/** A page for members of a firm. The children start with a `PageHeader`, which holds the h1. */
export function StaffPage(props: StaffPageProps): JSX.Element {
  return (
    <HtmlDocument
      title={pageTitle(props.title, props.errors)}
      lang={LANG}
      head={<StaffHead nonce={props.nonce} />}
    >
      <a class="skip-link" href="#main">
        Skip to main content
      </a>
      {props.sandbox ? <SandboxStrip links={props.sandbox} /> : null}
      <div class="shell">
        <Sidebar
          current={props.current}
          member={props.member}
          firm={props.firm}
          connection={props.connection}
          attentionCount={props.attentionCount}
        />
        <main class="main" id="main" tabindex={-1}>
          <Outcome notice={props.notice} errors={props.errors} />
          {props.children}
          <StatusLine />
        </main>
      </div>
    </HtmlDocument>
  );
}

/** A page before anybody is signed in: one card in the middle. The children start with an h1. */
export function GatePage(props: {
  title: string;
  foot?: Child | undefined;
  sandbox?: SandboxLinks | undefined;
  notice?: PageNotice | undefined;
  errors?: FieldErrors | undefined;
  children: Child;
}): JSX.Element {
  return (
    <HtmlDocument title={pageTitle(props.title, props.errors)} lang={LANG} head={<StaffHead />}>
      {props.sandbox ? <SandboxStrip links={props.sandbox} /> : null}
      <div class="gate">
        <header>
          <p class="brand">
            <BrandMark />
            <span>Send for Payment</span>
          </p>
        </header>
        <main class="panel" id="main">
          <div class="panel-body stack" data-gap="l">
            <Outcome notice={props.notice} errors={props.errors} />
            {props.children}
          </div>
        </main>
        {props.foot ? (
          <footer>
            <p class="fine-print">{props.foot}</p>
          </footer>
        ) : null}
      </div>
    </HtmlDocument>
  );
}

/** A page that says that something went wrong or is not there. Nothing personal is needed to draw it. */
export function PlainPage(props: {
  title: string;
  message: Child;
  /** For what nobody foresaw: the number to give to support. */
  reference?: string | undefined;
  action?: { label: string; href: string } | undefined;
}): JSX.Element {
  return (
    <GatePage title={props.title}>
      <h1>{props.title}</h1>
      <p>{props.message}</p>
      {props.reference ? (
        <p class="fine-print">
          Reference <code>{props.reference}</code>
        </p>
      ) : null}
      {props.action ? (
        <a class="button" data-wide="" href={props.action.href}>
          {props.action.label}
        </a>
      ) : null}
    </GatePage>
  );
}

/** The narrow panel inside a matter system. `matter` is missing while nothing is known, as on a card that leads to a new tab. */
export function EmbedPage(props: {
  title: string;
  nonce: string;
  matter?: { number: string; name: string; client: string } | undefined;
  /** The same place in the whole product, in a new tab. */
  openHref: string;
  notice?: PageNotice | undefined;
  errors?: FieldErrors | undefined;
  /** Wrap in `embed-body` and `embed-foot`, or give `EmbedBody` and `EmbedFoot`. */
  children: Child;
}): JSX.Element {
  return (
    <HtmlDocument
      title={pageTitle(props.title, props.errors)}
      lang={LANG}
      head={<StaffHead nonce={props.nonce} />}
      bodyClass="embed"
    >
      <section class="embed-head" aria-label="Matter">
        <p class="cluster" data-spread="">
          <small class="soft">{props.matter?.number}</small>
          <a href={props.openHref} target="_blank" rel="noopener">
            <small>Open Send for Payment</small>
          </a>
        </p>
        <h1>{props.matter?.name ?? props.title}</h1>
        {props.matter ? <p>{props.matter.client}</p> : null}
      </section>
      <main id="main" tabindex={-1} aria-label="Send for Payment">
        {props.notice || hasErrors(props.errors) ? (
          <div class="embed-body">
            <Outcome notice={props.notice} errors={props.errors} framed />
          </div>
        ) : null}
        {props.children}
        <StatusLine />
      </main>
    </HtmlDocument>
  );
}

/** The scrolling part of the narrow panel. */
export function EmbedBody({ children }: { children: Child }): JSX.Element {
  return <div class="embed-body">{children}</div>;
}

/** The sums and the main button of the narrow panel. */
export function EmbedFoot({ children }: { children: Child }): JSX.Element {
  return <div class="embed-foot">{children}</div>;
}

/** Errors or the outcome of the last action, never both: a page cannot say that it worked and that it did not. */
function Outcome(props: {
  notice?: PageNotice | undefined;
  errors?: FieldErrors | undefined;
  framed?: boolean | undefined;
}): JSX.Element | null {
  if (hasErrors(props.errors)) return <ErrorSummary errors={props.errors} framed={props.framed} />;
  if (!props.notice) return null;
  return (
    <div class="page-notices">
      <Notice
        tone={props.notice.tone}
        title={props.notice.title}
        role={props.notice.tone === "bad" ? "alert" : "status"}
      >
        {props.notice.text}
      </Notice>
    </div>
  );
}

function SandboxStrip({ links }: { links: SandboxLinks }): JSX.Element {
  return (
    <aside class="sandbox-strip" aria-label="Sandbox">
      <p>
        <Icon name="beaker" />
        <span>
          <strong>Sandbox</strong>
          <span class="sandbox-more">: no real money moves, no mail leaves</span>
        </span>
      </p>
      <ul role="list">
        <li>
          <a href={links.docket}>Docket</a>
        </li>
        <li>
          <a href={links.processor}>Card processor</a>
        </li>
        <li>
          <a href={links.outbox}>Outbox</a>
        </li>
      </ul>
    </aside>
  );
}

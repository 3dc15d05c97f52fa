// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { asset } from "./assets.ts";
import { type Brand, brandStyle } from "./brand.ts";
import { HtmlDocument, withErrorPrefix } from "./document.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { ErrorSummary, type FieldErrors, hasErrors } from "./notices.tsx";
import type { Tone } from "./tone.ts";

/** `$12,500.00` fits beside the edges of a narrow phone. */
const AMOUNT_LENGTH_AT_FULL_SIZE = 10;

/** The words of the frame, in the payer's language. */
export type PayWords = {
  /** "Secure payment" */
  secure: string;
  /** "Error", before the title of a page that came back. */
  error: string;
  /** "There is a problem" */
  problem: string;
  /** "Language", names the list of languages. */
  language: string;
};

/** One language to choose from, named in itself: `{ code: "es", name: "Español" }`. */
export type PayLanguage = { code: string; name: string; href: string };

/** A firm's logo: where it is, and its own size in pixels, so that the page does not jump when it comes. */
export type PayLogo = { href: string; width: number; height: number };

/**
 * The frame of every payer's page: the firm in its colour, the page, the footer. There is no script on it, and
 * the style sheet and the firm's logo are the only further requests. `nonce` lets the one style element with the firm's colours through.
 */
export function PayPage(props: {
  title: string;
  lang: string;
  nonce: string;
  /** Undefined where nobody may know whose link it would be. */
  firm: { name: string; logo?: PayLogo | undefined } | undefined;
  brand: Brand;
  words: PayWords;
  languages?: readonly PayLanguage[] | undefined;
  /** One narrow column, for states of a link. */
  single?: boolean | undefined;
  errors?: FieldErrors | undefined;
  /** Address, contact and disclaimer of the firm. */
  footer: Child;
  children: Child;
}): JSX.Element {
  return (
    <HtmlDocument
      title={withErrorPrefix(props.title, props.errors, props.words.error)}
      lang={props.lang}
      light
      bodyClass="pay"
      head={<PayHead nonce={props.nonce} brand={props.brand} />}
    >
      <header class="pay-header">
        <div>
          {props.firm ? <FirmMark {...props.firm} /> : null}
          <p class="pay-secure">
            <Icon name="lock" />
            {props.words.secure}
          </p>
        </div>
      </header>
      <main class="pay-main" id="main" data-single={props.single ? "" : undefined}>
        {hasErrors(props.errors) ? <ErrorSummary errors={props.errors} title={props.words.problem} /> : null}
        {props.children}
      </main>
      <footer class="pay-footer">
        {props.footer}
        <Languages lang={props.lang} label={props.words.language} languages={props.languages ?? []} />
      </footer>
    </HtmlDocument>
  );
}

/** The logo stands for the name, which is its text. */
function FirmMark({ name, logo }: { name: string; logo?: PayLogo | undefined }): JSX.Element {
  return (
    <p class="pay-firm">
      {logo ? (
        <img src={logo.href} alt={name} width={logo.width} height={logo.height} />
      ) : (
        <span>{name}</span>
      )}
    </p>
  );
}

/** What is asked for: the first thing on a phone. `amount` is formatted by the caller, in the payer's language. */
export function PaySummary(props: {
  id: string;
  title: string;
  amount: string;
  children?: Child;
}): JSX.Element {
  return (
    <section class="pay-summary" aria-labelledby={props.id}>
      <h1 id={props.id}>{props.title}</h1>
      <PayAmount text={props.amount} />
      {props.children}
    </section>
  );
}

/** A long amount is written smaller on a phone, so that it stays in one line. */
function PayAmount({ text }: { text: string }): JSX.Element {
  return (
    <p class="pay-amount" data-long={text.length > AMOUNT_LENGTH_AT_FULL_SIZE ? "" : undefined}>
      {text}
    </p>
  );
}

type PayLine = { label: Child; note?: Child | undefined; amount: string };

/** The statements behind an amount, and their total. */
export function PayLines(props: { lines: readonly PayLine[]; total?: PayLine | undefined }): JSX.Element {
  return (
    <ul class="pay-lines" role="list">
      {props.lines.map((line) => (
        <PayLineItem line={line} />
      ))}
      {props.total ? <PayLineItem line={props.total} total /> : null}
    </ul>
  );
}

/** The state of a link or payment: a mark, a sentence, perhaps an amount. It holds the page's h1. */
export function PayState(props: {
  icon: IconName;
  tone?: Tone | undefined;
  title: string;
  amount?: string | undefined;
  children?: Child;
}): JSX.Element {
  return (
    <div class="pay-state">
      <span class="pay-state-mark" data-tone={props.tone}>
        <Icon name={props.icon} />
      </span>
      <h1>{props.title}</h1>
      {props.amount ? <PayAmount text={props.amount} /> : null}
      {props.children ? <p class="soft">{props.children}</p> : null}
    </div>
  );
}

/** The card that holds the form or the state. */
export function PayCard({ children }: { children: Child }): JSX.Element {
  return (
    <section class="pay-card stack" data-gap="l">
      {children}
    </section>
  );
}

/** The one action of a payer's page. With `href` it is a link that changes nothing. */
export function PayButton(props: {
  children: Child;
  href?: string | undefined;
  name?: string | undefined;
  value?: string | undefined;
}): JSX.Element {
  if (props.href !== undefined) {
    return (
      <a class="pay-button" href={props.href}>
        {props.children}
      </a>
    );
  }
  return (
    <button type="submit" class="pay-button" name={props.name} value={props.value}>
      {props.children}
    </button>
  );
}

function PayLineItem(props: { line: PayLine; total?: boolean }): JSX.Element {
  return (
    <li data-total={props.total ? "" : undefined}>
      <span>
        {props.line.label}
        {props.line.note ? <small>{props.line.note}</small> : null}
      </span>
      <span class="money">{props.line.amount}</span>
    </li>
  );
}

function PayHead(props: { nonce: string; brand: Brand }): JSX.Element {
  return (
    <>
      <meta name="robots" content="noindex" />
      <link rel="stylesheet" href={asset("pay.css")} />
      <style nonce={props.nonce}>{brandStyle(props.brand)}</style>
    </>
  );
}

function Languages(props: {
  lang: string;
  label: string;
  languages: readonly PayLanguage[];
}): JSX.Element | null {
  if (props.languages.length < 2) return null;
  return (
    <nav class="pay-languages" aria-label={props.label}>
      <ul role="list">
        {props.languages.map((language) => (
          <li>
            <a
              href={language.href}
              lang={language.code}
              hreflang={language.code}
              aria-current={language.code === props.lang ? "true" : undefined}
            >
              {language.name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

import { html } from "hono/html";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { asset } from "./assets.ts";
import { type FieldErrors, hasErrors } from "./notices.tsx";

const PRODUCT = "Send for Payment";
/**
 * History stays the browser's: going back loads the page again, so that no old balance is shown. The extension drops
 * every htmx attribute that does not carry the page's nonce.
 */
const HTMX_CONFIG = JSON.stringify({ extensions: "hx-csp", history: false });

/** `Sent Pages` becomes `Sent Pages · Send for Payment`, with `Error: ` in front after a failed check. */
export function pageTitle(title: string, errors?: FieldErrors): string {
  return withErrorPrefix(`${title} · ${PRODUCT}`, errors, "Error");
}

/** Puts the word for an error before a title when there are errors. */
export function withErrorPrefix(title: string, errors: FieldErrors | undefined, word: string): string {
  return hasErrors(errors) ? `${word}: ${title}` : title;
}

/** A whole document. `title` is used as it stands; `head` takes style sheets, scripts and further meta elements. */
export function HtmlDocument(props: {
  title: string;
  lang: string;
  /** Payer pages are always light, because the firm chose its colour on white. */
  light?: boolean | undefined;
  head: Child;
  bodyClass?: string | undefined;
  children: Child;
}): JSX.Element {
  const page = (
    <html lang={props.lang} data-scheme={props.light ? "light" : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={props.light ? "light" : "light dark"} />
        <title>{props.title}</title>
        <link rel="icon" type="image/svg+xml" href={asset("mark.svg")} />
        {props.head}
      </head>
      <body class={props.bodyClass}>{props.children}</body>
    </html>
  );
  return html`<!doctype html>${page}`;
}

/** The style sheet and, where there is a nonce, the scripts of the staff's pages. */
export function StaffHead({ nonce }: { nonce?: string | undefined }): JSX.Element {
  return (
    <>
      <link rel="stylesheet" href={asset("app.css")} />
      {nonce ? (
        <>
          <meta name="htmx-config" content={HTMX_CONFIG} />
          <script src={asset("htmx.js")} nonce={nonce} defer />
          <script src={asset("app.js")} nonce={nonce} defer />
          <script src={asset("list.js")} nonce={nonce} defer />
        </>
      ) : null}
    </>
  );
}

/** The line that the script speaks through; it must be on the page before anything is said. */
export function StatusLine(): JSX.Element {
  return <p class="visually-hidden" role="status" data-status="" />;
}

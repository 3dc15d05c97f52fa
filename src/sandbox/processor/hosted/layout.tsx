import type { Child } from "hono/jsx";

export const STYLE_PATH = "/sandbox.css";

const PRODUCT = "Card processor (sandbox)";

/** The frame of every page of the stand-in. */
export function Layout(props: { title: string; wide?: boolean; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${props.title} · ${PRODUCT}`}</title>
        <link rel="stylesheet" href={STYLE_PATH} />
        <link rel="icon" href="data:," />
      </head>
      <body class={props.wide === true ? "wide" : ""}>
        <header>{PRODUCT}</header>
        <main>{props.children}</main>
        <footer>A stand-in for a payment processor. No real money moves here.</footer>
      </body>
    </html>
  );
}

/** An amount in the smallest unit of its currency, written for people. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amount / 10 ** digits);
}

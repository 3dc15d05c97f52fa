import type { JSX } from "hono/jsx/jsx-runtime";
import { formatLongDay, formatShortDay } from "../base/day.ts";
import { brandOf } from "../ui/brand.ts";
import { PayButton, PayCard, PayLines, PaySummary } from "../ui/pay.tsx";
import type { Web } from "../web/env.ts";
import { renderPay } from "../web/respond.tsx";
import { readColour } from "./page-section.ts";
import type { Typed } from "./section.ts";

export const PREVIEW_PAGE_PATH = "/settings/page/preview";
const DEFAULT_COLOUR = "#1f4a40";
const WORDS = {
  secure: "Secure payment",
  error: "Error",
  problem: "There is a problem",
  language: "Language",
};

type PreviewFirm = {
  name: string;
  logo: { href: string; width: number; height: number } | undefined;
  /** The day it is in the firm's zone. */
  today: string;
};

/** The payer's page with what stands in the boxes, for a request that does not exist. */
export async function renderPreview(c: Web, firm: PreviewFirm, typed: Typed): Promise<Response> {
  const brand = brandOf(readColour(typed.colour ?? "") ?? DEFAULT_COLOUR);
  if (!brand) throw new Error("the product's own colour can be read");
  return await renderPay(
    c,
    {
      title: `Preview: Pay ${firm.name}`,
      lang: "en-US",
      firm: { name: firm.name, logo: firm.logo },
      brand,
      words: WORDS,
      languages: [],
      footer: <Footer name={firm.name} typed={typed} />,
    },
    <Example firm={firm} />,
  );
}

function Example({ firm }: { firm: PreviewFirm }): JSX.Element {
  return (
    <>
      <PaySummary id="due" title={`Amount due to ${firm.name}`} amount="$2,840.00">
        <p>{`Due ${formatLongDay(firm.today)}`}</p>
        <p class="soft">For Vasquez v. Dunmore</p>
        <PayLines
          lines={[
            { label: "Statement 20391", note: `Issued ${formatShortDay(firm.today)}`, amount: "$1,640.00" },
            { label: "Statement 20402", note: `Issued ${formatShortDay(firm.today)}`, amount: "$1,200.00" },
          ]}
          total={{ label: "Total", note: "Paid into the firm’s operating account", amount: "$2,840.00" }}
        />
      </PaySummary>
      <PayCard>
        <h2>This is a preview</h2>
        <p>
          It shows what stands in the boxes of your settings, saved or not. The request is an example: nothing
          on this page can be paid.
        </p>
        <PayButton href="#due">Continue to pay $2,840.00</PayButton>
      </PayCard>
    </>
  );
}

function Footer({ name, typed }: { name: string; typed: Typed }): JSX.Element {
  const { address = "", phone = "", contact = "", disclaimer = "" } = typed;
  const reach = [phone === "" ? "" : `Call ${phone}`, contact === "" ? "" : `write to ${contact}`]
    .filter((part) => part !== "")
    .join(" or ");
  return (
    <>
      <p>
        {[name, address].filter((part) => part !== "").join(", ")}.
        {reach === "" ? null : ` Questions about this request? ${reach[0]?.toUpperCase()}${reach.slice(1)}.`}
      </p>
      {disclaimer === "" ? null : <p>{disclaimer}</p>}
    </>
  );
}

import type { Child } from "hono/jsx";
import { brandOf } from "../ui/brand.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import type { Web } from "../web/env.ts";
import { renderGate, renderPay } from "../web/respond.tsx";
import { ASKED_FRESH } from "./ask-fresh.ts";
import { PayableView } from "./form-view.tsx";
import type { OpenedLink } from "./open.ts";
import { pageOf } from "./state.ts";
import { CancelledView, ExpiredView, PaidView, PayFooter, ProcessingView } from "./state-views.tsx";
import type { TypedWish } from "./wish.ts";
import { languageOf, type PayWords, wordsFor } from "./words.ts";

/** For a colour in the settings that cannot be read; the product's own. */
const DEFAULT_COLOUR = "#1f4a40";

export type Answer = {
  status?: 200 | 409 | 422 | 503;
  typed?: TypedWish;
  errors?: FieldErrors;
  /** One narrow column; told by the link's state unless given. */
  single?: boolean;
};

/** The words for this browser. */
export function wordsOf(c: Web): PayWords {
  return wordsFor(languageOf(c.req.header("Accept-Language")));
}

/** A payer's page in the firm's frame. Search engines keep nothing of it, and its form may lead to the processor. */
export async function renderFor(
  c: Web,
  opened: OpenedLink,
  content: Child,
  answer: Answer = {},
): Promise<Response> {
  const words = wordsOf(c);
  const brand = brandOf(opened.settings.brand_color) ?? brandOf(DEFAULT_COLOUR);
  if (!brand) throw new Error("the product's own colour can be read");
  keepPrivate(c);
  c.set("formTargets", [c.get("cx").config.checkoutOrigin]);
  return await renderPay(
    c,
    {
      title: words.title(opened.firm.name),
      lang: words.locale,
      firm: { name: opened.firm.name },
      brand,
      words: words.frame,
      footer: <PayFooter opened={opened} words={words} />,
      single: answer.single ?? pageOf(opened.link, c.get("cx").now()) !== "payable",
      errors: answer.errors,
      status: answer.status,
    },
    content,
  );
}

/** The page that the link's state calls for. */
export async function showLink(
  c: Web,
  opened: OpenedLink,
  token: string,
  answer: Answer = {},
): Promise<Response> {
  const words = wordsOf(c);
  const action = `/p/${token}`;
  switch (pageOf(opened.link, c.get("cx").now())) {
    case "payable": {
      const props = {
        opened,
        words,
        action,
        typed: answer.typed ?? firstWish(opened),
        errors: answer.errors,
      };
      return await renderFor(c, opened, <PayableView {...props} />, answer);
    }
    case "processing":
      return await renderFor(c, opened, <ProcessingView opened={opened} words={words} />);
    case "paid":
      return await renderFor(c, opened, <PaidView opened={opened} words={words} />);
    case "cancelled":
      return await renderFor(c, opened, <CancelledView opened={opened} words={words} />);
    case "expired": {
      const wasAsked = opened.link.tried_reason === ASKED_FRESH;
      const view = (
        <ExpiredView opened={opened} words={words} askAction={`${action}/fresh`} wasAsked={wasAsked} />
      );
      return await renderFor(c, opened, view);
    }
  }
}

/** One and the same page for every link that does not work: it tells nothing about which links there are. */
export async function showBroken(c: Web): Promise<Response> {
  const { broken } = wordsOf(c);
  keepPrivate(c);
  const content = (
    <>
      <h1>{broken.title}</h1>
      <p>{broken.text}</p>
    </>
  );
  return await renderGate(c, { title: broken.title, status: 404 }, content);
}

function keepPrivate(c: Web): void {
  c.header("X-Robots-Tag", "noindex, nofollow");
  c.header("Cache-Control", "no-store");
}

function firstWish(opened: OpenedLink): TypedWish {
  const method = opened.account.methods.includes("card") ? "card" : "bank";
  return { how: "full", other: "", method, receipt: opened.link.payer_emails[0] ?? "" };
}

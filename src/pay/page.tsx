import type { Child } from "hono/jsx";
import { LANGUAGE_NAMES, LANGUAGES } from "../base/language.ts";
import { logoPath } from "../settings/logo.ts";
import { type Brand, brandOf } from "../ui/brand.ts";
import type { FieldErrors } from "../ui/notices.tsx";
import type { PayLanguage } from "../ui/pay.tsx";
import type { Web } from "../web/env.ts";
import { renderPay } from "../web/respond.tsx";
import { wasAskedLately } from "./ask-fresh.ts";
import { PayableView } from "./form-view.tsx";
import { choose, keepChoice, languageOf, withChoice } from "./language.ts";
import type { OpenedLink } from "./open.ts";
import { PaidView } from "./receipt-view.tsx";
import { pageOf } from "./state.ts";
import { CancelledView, ExpiredView, PayFooter, ProcessingView } from "./state-views.tsx";
import { voiceOf } from "./voice.ts";
import { type TypedWish, takesPart } from "./wish.ts";
import { wordsFor } from "./words.ts";

/** For a colour in the settings that cannot be read, and where no firm may be known; the product's own. */
const DEFAULT_COLOUR = "#1f4a40";

type Answer = {
  status?: 200 | 409 | 422 | 503;
  typed?: TypedWish;
  errors?: FieldErrors;
  /** One narrow column; told by the link's state unless given. */
  single?: boolean;
  /** The address of this page, for the choice of a language; the link's own unless given. */
  here?: string;
  /** Stands above the page and takes the captcha away: a member looks at it. */
  preview?: Child;
};

/** A payer's page in the firm's frame. Search engines keep nothing of it, and its form may lead to the processor. */
export async function renderFor(
  c: Web,
  opened: OpenedLink,
  content: Child,
  answer: Answer & { here: string },
): Promise<Response> {
  const voice = voiceOf(c, opened);
  const { firm, settings, logo } = opened;
  keepPrivate(c);
  keepChoice(c);
  c.set("formTargets", [c.get("cx").config.checkoutOrigin]);
  return await renderPay(
    c,
    {
      title: voice.words.title(firm.name),
      lang: voice.language,
      firm: { name: firm.name, logo: logo && { ...logo, href: logoPath(firm.slug, logo.hash) } },
      brand: brandOr(settings.brand_color),
      words: voice.words.frame,
      languages: languagesAt(answer.here),
      footer: <PayFooter opened={opened} voice={voice} />,
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
  const here = answer.here ?? `/p/${token}`;
  const voice = voiceOf(c, opened);
  const { preview } = answer;
  const render = (content: Child, given: Answer = {}) =>
    renderFor(c, opened, [preview, content], { ...given, here });
  switch (pageOf(opened.link, c.get("cx").now())) {
    case "payable":
      return await render(
        <PayableView
          opened={opened}
          voice={voice}
          action={withChoice(c, here)}
          typed={answer.typed ?? firstWish(opened)}
          errors={answer.errors}
          captcha={preview ? undefined : captchaOf(c, opened)}
        />,
        answer,
      );
    case "processing":
      return await render(<ProcessingView opened={opened} voice={voice} />);
    case "paid":
      return await render(<PaidView opened={opened} voice={voice} />);
    case "cancelled":
      return await render(<CancelledView opened={opened} voice={voice} />);
    case "expired": {
      const wasAsked = wasAskedLately(opened.link, c.get("cx").now());
      const askAction = withChoice(c, `${here}/fresh`);
      return await render(
        <ExpiredView opened={opened} voice={voice} askAction={askAction} wasAsked={wasAsked} />,
      );
    }
  }
}

/** One and the same page for every link that does not work: it tells nothing about which links there are. */
export async function showBroken(c: Web): Promise<Response> {
  const { broken } = wordsFor(languageOf(c));
  return await renderPlain(c, { title: broken.title, status: 404 }, <p>{broken.text}</p>);
}

/** A payer's page without a firm: a title and what to do. */
export async function renderPlain(
  c: Web,
  page: { title: string; status: 403 | 404 | 409 | 422 | 429 | 500 | 503; here?: string },
  content: Child,
): Promise<Response> {
  const language = languageOf(c);
  const words = wordsFor(language);
  keepPrivate(c);
  keepChoice(c);
  return await renderPay(
    c,
    {
      title: page.title,
      lang: language,
      firm: undefined,
      brand: brandOr(DEFAULT_COLOUR),
      words: words.frame,
      languages: languagesAt(page.here ?? ""),
      footer: null,
      single: true,
      status: page.status,
    },
    <section class="pay-card stack">
      <h1>{page.title}</h1>
      {content}
    </section>,
  );
}

/** Shows the maker's box, and lets just what it needs through the policy of this one answer. */
function captchaOf(c: Web, opened: OpenedLink) {
  const { settings, link } = opened;
  if (settings.captcha === "off") return undefined;
  const language = languageOf(c, link);
  const widget = c.get("cx").captcha.widget(settings.captcha, settings.captcha_site_key, language);
  c.set("widgetSources", widget.sources);
  return { widget, nonce: c.get("nonce") };
}

function languagesAt(here: string): PayLanguage[] {
  return LANGUAGES.map((code) => ({ code, name: LANGUAGE_NAMES[code], href: choose(here, code) }));
}

function brandOr(colour: string): Brand {
  const brand = brandOf(colour) ?? brandOf(DEFAULT_COLOUR);
  if (!brand) throw new Error("the product's own colour can be read");
  return brand;
}

function keepPrivate(c: Web): void {
  c.header("X-Robots-Tag", "noindex, nofollow");
  c.header("Cache-Control", "no-store");
}

function firstWish(opened: OpenedLink): TypedWish {
  const method = opened.account.methods.includes("card") ? "card" : "bank";
  // With a choice to make, the whole is the one that most payers want.
  const how = takesPart(opened.link) ? "full" : "";
  return { how, other: "", method, receipt: opened.link.payer_emails[0] ?? "" };
}

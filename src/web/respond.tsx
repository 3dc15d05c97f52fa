import type { Child } from "hono/jsx";
import type { Brand } from "../ui/brand.ts";
import type { NavPlace } from "../ui/nav.tsx";
import type { FieldErrors, PageNotice } from "../ui/notices.tsx";
import { EmbedPage, GatePage, StaffPage } from "../ui/page.tsx";
import { type PayLanguage, type PayLogo, PayPage, type PayWords } from "../ui/pay.tsx";
import { getScope, type Web } from "./env.ts";
import { takeFlash } from "./flash.ts";
import { readFrame } from "./frame.ts";

type Status = 200 | 400 | 403 | 404 | 409 | 410 | 422 | 429 | 500 | 503;

/** A page for a signed-in member. Errors make it a 422; else the notice of the last action is shown, once. */
export async function renderStaff(
  c: Web,
  page: {
    title: string;
    nav?: NavPlace | undefined;
    errors?: FieldErrors | undefined;
    status?: Status | undefined;
  },
  content: Child,
): Promise<Response> {
  const scope = getScope(c);
  const cx = c.get("cx");
  const frame = await readFrame(cx, scope.firm.id);
  return await c.html(
    <StaffPage
      title={page.title}
      current={page.nav}
      nonce={c.get("nonce")}
      member={scope.member}
      firm={scope.firm.name}
      connection={frame.connection}
      attentionCount={frame.attentionCount}
      sandbox={cx.config.sandbox}
      notice={page.errors ? undefined : takeNotice(c)}
      errors={page.errors}
    >
      {content}
    </StaffPage>,
    statusOf(page),
  );
}

/** A page of the narrow panel inside a matter system. The handler sets `frameAncestors`. */
export async function renderEmbed(
  c: Web,
  page: {
    title: string;
    openHref: string;
    matter?: { number: string; name: string; client: string } | undefined;
    errors?: FieldErrors | undefined;
    status?: Status | undefined;
  },
  content: Child,
): Promise<Response> {
  const { status: _status, ...props } = page;
  return await c.html(
    <EmbedPage {...props} nonce={c.get("nonce")} notice={page.errors ? undefined : takeNotice(c)}>
      {content}
    </EmbedPage>,
    statusOf(page),
  );
}

/** A page before anybody is signed in. */
export async function renderGate(
  c: Web,
  page: { title: string; foot?: Child; errors?: FieldErrors | undefined; status?: Status | undefined },
  content: Child,
): Promise<Response> {
  return await c.html(
    <GatePage
      title={page.title}
      foot={page.foot}
      sandbox={c.get("cx").config.sandbox}
      notice={page.errors ? undefined : takeNotice(c)}
      errors={page.errors}
    >
      {content}
    </GatePage>,
    statusOf(page),
  );
}

/** A payer's page, in the firm's colour. No script of ours. */
export async function renderPay(
  c: Web,
  page: {
    title: string;
    lang: string;
    firm: { name: string; logo?: PayLogo | undefined } | undefined;
    brand: Brand;
    words: PayWords;
    languages: readonly PayLanguage[];
    footer: Child;
    single?: boolean | undefined;
    errors?: FieldErrors | undefined;
    status?: Status | undefined;
  },
  content: Child,
): Promise<Response> {
  const { status: _status, ...props } = page;
  return await c.html(
    <PayPage {...props} nonce={c.get("nonce")}>
      {content}
    </PayPage>,
    statusOf(page),
  );
}

function statusOf(page: { errors?: FieldErrors | undefined; status?: Status | undefined }): Status {
  return page.status ?? (page.errors ? 422 : 200);
}

function takeNotice(c: Web): PageNotice | undefined {
  const flash = takeFlash(c);
  return flash ? { tone: flash.tone, text: flash.text } : undefined;
}

import { Hono } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Problem } from "../base/error.ts";
import type { MemberContext } from "../context.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { readLastChange } from "./last-change.ts";
import { partSection } from "./part-section.ts";
import { PartView } from "./part-view.tsx";
import { getSettings } from "./queries.ts";
import { saveSection } from "./save-section.ts";
import { saveSecurity } from "./save-security.ts";
import {
  differences,
  isStale,
  type Section,
  type StoredSettings,
  sectionVersion,
  type Typed,
} from "./section.ts";
import type { SectionProps } from "./section-form.tsx";
import { securitySection } from "./security-section.ts";
import { SecurityView } from "./security-view.tsx";

type Page = {
  path: string;
  title: string;
  saved: string;
  section: Section;
  /** Boxes of the form that the section reads and never shows. */
  secrets?: readonly string[];
  /** What there is to say besides that it was saved. */
  save: (cx: MemberContext, input: { typed: Typed; seen: string }) => Promise<string | undefined>;
  view: (props: SectionProps, stored: StoredSettings, c: Web) => JSX.Element;
};

const PAGES: readonly Page[] = [
  {
    path: "/settings/security",
    title: "Security",
    saved: "Security is saved.",
    section: securitySection,
    secrets: ["secret"],
    save: saveSecurity,
    view: (props, stored) => (
      <SecurityView
        {...props}
        hasSecret={stored.captcha_secret_sealed !== null}
        trouble={stored.captcha === "off" ? null : stored.captcha_trouble}
      />
    ),
  },
  {
    path: "/settings/part-payments",
    title: "Part payments",
    saved: "Part payments are saved.",
    section: partSection,
    save: async (cx, input) => {
      await saveSection(cx, partSection, input);
      return undefined;
    },
    view: (props, _stored, c) => <PartView {...props} currency={getScope(c).firm.currency} />,
  },
];

/** The pages whose settings are kept with the firm and need nothing else. */
export const sectionRoutes = new Hono<WebEnv>();

for (const page of PAGES) {
  sectionRoutes.get(page.path, allow("settings.manage"), (c) => showPage(c, page));
  sectionRoutes.post(page.path, allow("settings.manage"), async (c) => {
    const form = await readForm(c);
    const names = [...Object.keys(page.section.labels), ...(page.secrets ?? [])];
    const typed = Object.fromEntries(names.map((name) => [name, form.text(name)]));
    let remark: string | undefined;
    try {
      remark = await page.save(memberContext(c), { typed, seen: form.text("seen") });
    } catch (error) {
      if (isStale(error)) return await showPage(c, page, { typed, isStale: true });
      if (!(error instanceof Problem) || error.code !== "invalid") throw error;
      return await showPage(c, page, { typed, errors: error.fields, seen: form.text("seen") });
    }
    setFlash(
      c,
      remark ? { tone: "warn", text: `${page.saved} ${remark}` } : { tone: "good", text: page.saved },
    );
    return c.redirect(page.path, 303);
  });
}

/** What came back from a form that was not saved. */
export type Tried = {
  typed: Typed;
  errors?: Record<string, string>;
  /** The version that the form saw; a form that was overtaken takes the new one. */
  seen?: string;
  isStale?: boolean;
};

/** What a page of settings shows: what is stored, or what was typed beside what is stored now. */
export async function readSectionProps(
  c: Web,
  section: Section,
  tried?: Tried,
): Promise<{ props: SectionProps; stored: StoredSettings }> {
  const { firm, member } = getScope(c);
  const cx = c.get("cx");
  return await withFirm(cx.database, firm.id, async (tx) => {
    const stored = await getSettings(tx, firm.id);
    const shown = section.show(stored);
    const props = {
      member,
      typed: tried?.typed ?? shown,
      seen: tried?.seen ?? sectionVersion(section, stored),
      lastChange: await readLastChange(tx, firm, section.key, cx.now()),
      errors: tried?.errors,
      stale: tried?.isStale ? differences(section.labels, shown, tried.typed) : undefined,
    };
    return { props, stored };
  });
}

async function showPage(c: Web, page: Page, tried?: Tried): Promise<Response> {
  const { props, stored } = await readSectionProps(c, page.section, tried);
  return await renderStaff(
    c,
    { title: page.title, nav: "settings", errors: tried?.errors, status: tried?.isStale ? 409 : undefined },
    page.view(props, stored, c),
  );
}

import { Hono } from "hono";
import { dayOf } from "../base/day.ts";
import { invalid, Problem } from "../base/error.ts";
import { withFirm } from "../db/tenant.ts";
import { allow } from "../web/allow.ts";
import { getScope, memberContext, type Web, type WebEnv } from "../web/env.ts";
import { setFlash } from "../web/flash.ts";
import { readUploadForm, type UploadForm } from "../web/form.ts";
import { renderStaff } from "../web/respond.tsx";
import { changeLogo } from "./change-logo.ts";
import { logoPath } from "./logo.ts";
import { findLogo } from "./logo-queries.ts";
import { PREVIEW_PAGE_PATH, renderPreview } from "./page-preview.tsx";
import { pageSection } from "./page-section.ts";
import { PageView } from "./page-view.tsx";
import { getSettings } from "./queries.ts";
import { LOGO_SIZE_LIMIT_BYTES, readLogo } from "./read-logo.ts";
import { removeLogo } from "./remove-logo.ts";
import { saveSection } from "./save-section.ts";
import { isStale, type Typed } from "./section.ts";
import { readSectionProps, type Tried } from "./section-routes.tsx";

const PATH = "/settings/page";

/** The firm's own look on the payer's page. */
export const pageRoutes = new Hono<WebEnv>();

pageRoutes.get(PATH, allow("settings.manage"), (c) => showPage(c));

pageRoutes.post(PATH, allow("settings.manage"), async (c) => {
  const cx = memberContext(c);
  const form = await readUploadForm(c);
  const typed = typedOf(form);
  const seen = form.text("seen");
  try {
    const bytes = await checkAll(c, form, typed);
    await saveSection(cx, pageSection, { typed, seen });
    if (bytes) await changeLogo(cx, { bytes });
    else if (form.has("removeLogo")) await removeLogo(cx);
  } catch (error) {
    if (isStale(error)) return await showPage(c, { typed, isStale: true });
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    return await showPage(c, { typed, errors: error.fields, seen });
  }
  setFlash(c, { tone: "good", text: "The payment page is saved. Payers see it at once." });
  return c.redirect(PATH, 303);
});

pageRoutes.post(PREVIEW_PAGE_PATH, allow("settings.manage"), async (c) => {
  const typed = typedOf(await readUploadForm(c));
  const logo = await readLogoFacts(c);
  const { firm } = getScope(c);
  const facts = {
    name: firm.name,
    logo: logo && { href: logo.path, width: logo.width, height: logo.height },
    today: dayOf(c.get("cx").now(), firm.timeZone),
  };
  return await renderPreview(c, facts, typed);
});

/** Everything that is wrong at once, before anything is saved. Returns the bytes of a new logo. */
async function checkAll(c: Web, form: UploadForm, typed: Typed): Promise<Uint8Array | undefined> {
  const { database, firmId, vault } = memberContext(c);
  const file = form.file("logo");
  const stored = await withFirm(database, firmId, (tx) => getSettings(tx, firmId));
  const bytes =
    file && file.size <= LOGO_SIZE_LIMIT_BYTES ? new Uint8Array(await file.arrayBuffer()) : undefined;
  const faults = {
    ...faultsOf(() => file && readLogo(bytes ?? new Uint8Array(LOGO_SIZE_LIMIT_BYTES + 1))),
    ...faultsOf(() => pageSection.read(typed, { stored, vault })),
  };
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return bytes;
}

function faultsOf(check: () => unknown): Record<string, string> {
  try {
    check();
    return {};
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "invalid") throw error;
    return error.fields;
  }
}

function typedOf(form: UploadForm): Typed {
  return Object.fromEntries(Object.keys(pageSection.labels).map((name) => [name, form.text(name)]));
}

async function readLogoFacts(c: Web) {
  const { firm } = getScope(c);
  const logo = await withFirm(c.get("cx").database, firm.id, (tx) => findLogo(tx, firm.id));
  return logo && { ...logo, path: logoPath(firm.slug, logo.hash) };
}

async function showPage(c: Web, tried?: Tried): Promise<Response> {
  const { props } = await readSectionProps(c, pageSection, tried);
  return await renderStaff(
    c,
    {
      title: "Payment page",
      nav: "settings",
      errors: tried?.errors,
      status: tried?.isStale ? 409 : undefined,
    },
    <PageView {...props} logo={await readLogoFacts(c)} />,
  );
}

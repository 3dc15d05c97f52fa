import { expect, test } from "vitest";
import { makeApp } from "../../src/app.tsx";
import type { LinkRow } from "../../src/links/queries.ts";
import { useStage } from "../payments/stage.ts";
import { TEST_ORIGIN } from "../support/world.ts";

const stage = useStage();
const FORM = { how: "full", method: "card", receipt: "" };

/** The whole app, from a caller with an address of its own. */
function request(
  path: string,
  options: { address?: string; form?: Record<string, string>; headers?: object } = {},
) {
  const { address = "198.51.100.1", form, headers = {} } = options;
  return makeApp(stage.stage.cx).request(
    path,
    {
      method: form ? "POST" : "GET",
      ...(form ? { body: new URLSearchParams(form) } : {}),
      headers: { ...(form ? { Origin: TEST_ORIGIN } : {}), ...headers },
    },
    { incoming: { socket: { remoteAddress: address } } },
  );
}

test("crawlers are kept from everything but the pages that tell them to keep nothing", async () => {
  const answer = await request("/robots.txt");
  expect([answer.status, await answer.text()]).toEqual([200, "User-agent: *\nAllow: /p/\nDisallow: /\n"]);
  const page = await request(stage.pathOf(await stage.makeLink()));
  expect(page.headers.get("X-Robots-Tag")).toBe("noindex, nofollow");
});

test("no page of a payer tells its address to another site, and none loads from one", async () => {
  const page = await request(stage.pathOf(await stage.makeLink()));
  expect(page.headers.get("Referrer-Policy")).toBe("same-origin");
  const text = await page.text();
  const loaded = [...text.matchAll(/<(?:script|img|link|iframe)[^>]*(?:src|href)="([^"]+)"/g)].map(
    (match) => match[1],
  );
  expect(loaded.length).toBeGreaterThan(0);
  expect(loaded.filter((address) => !address?.startsWith("/static/"))).toEqual([]);
});

test("one link is not tried from many addresses without end", async () => {
  const link = await stage.makeLink();
  stage.clock.aheadMs = 7_200_000;
  const statuses: number[] = [];
  for (let index = 0; index < 62; index++) {
    const address = `203.0.113.${index}`;
    statuses.push((await request(stage.pathOf(link), { address, form: { ...FORM, method: "" } })).status);
  }
  expect(statuses.filter((status) => status === 422)).toHaveLength(60);
  expect(statuses.slice(60)).toEqual([429, 429]);
});

test("one payer has twenty tries in a minute", async () => {
  const link = await stage.makeLink();
  stage.clock.aheadMs = 3_600_000;
  const statuses: number[] = [];
  for (let index = 0; index < 21; index++)
    statuses.push((await request(stage.pathOf(link), { form: { ...FORM, method: "" } })).status);
  expect(statuses.filter((status) => status === 422)).toHaveLength(20);
  expect(statuses.at(-1)).toBe(429);
});

test.each([
  ["en", "Too many tries", /Wait \d+ seconds and try again\./],
  ["es", "Demasiados intentos", /Espere \d+ segundos/],
  ["fr", "Trop de tentatives", /Patientez \d+ secondes/],
])("whoever is too quick is asked to wait, in %s", async (language, title, sentence) => {
  const link = await stage.makeLink();
  stage.clock.aheadMs = 10_800_000;
  const address = `192.0.2.${language.charCodeAt(0)}`;
  let answer: Response | undefined;
  for (let index = 0; index < 21; index++)
    answer = await request(`${stage.pathOf(link)}?lang=${language}`, {
      address,
      form: { ...FORM, method: "" },
    });
  expect(answer?.status).toBe(429);
  expect(Number(answer?.headers.get("Retry-After"))).toBeGreaterThan(0);
  expect(answer?.headers.get("X-Robots-Tag")).toBe("noindex, nofollow");
  const page = (await answer?.text()) ?? "";
  expect(page).toContain(`<h1>${title}</h1>`);
  expect(page).toMatch(sentence);
  expect(page).toContain(`class="pay-button" href="${stage.pathOf(link)}?lang=${language}"`);
});

test("a form of another site and a body that is no form are answered in the payer's language", async () => {
  const path = stage.pathOf(await stage.makeLink());
  const foreign = await request(path, {
    form: FORM,
    headers: { Origin: "https://elsewhere.example", "Accept-Language": "es" },
  });
  expect(foreign.status).toBe(403);
  expect(await foreign.text()).toContain("Este formulario no viene de nuestra página");
  const odd = await makeApp(stage.stage.cx).request(path, {
    method: "POST",
    body: "{}",
    headers: { Origin: TEST_ORIGIN, "Content-Type": "application/json", "Accept-Language": "fr" },
  });
  expect(odd.status).toBe(422);
  expect(await odd.text()).toContain("Ce formulaire ne peut pas être lu");
});

test("a defect shows a reference in the payer's language, and the log names no token", async () => {
  const link: LinkRow = await stage.makeLink();
  const path = stage.pathOf(link);
  const failing = () => Promise.reject(new Error("a defect"));
  const cx = { ...stage.stage.cx, processor: { ...stage.stage.cx.processor, createCheckout: failing } };
  const answer = await makeApp(cx).request(path, {
    method: "POST",
    body: new URLSearchParams(FORM),
    headers: { Origin: TEST_ORIGIN, "Accept-Language": "es" },
  });
  expect(answer.status).toBe(500);
  const page = await answer.text();
  expect(page).toContain("Algo salió mal");
  expect(page).toContain(`Referencia: ${answer.headers.get("X-Request-Id")}`);
  const token = path.slice("/p/".length);
  expect(stage.log.lines.join("\n")).toContain("a request failed");
  expect(stage.log.lines.join("\n")).not.toContain(token);
});

test("an address below a link that is no page is a link that does not work", async () => {
  const answer = await request(`${stage.pathOf(await stage.makeLink())}/elsewhere`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("This link does not work");
});

test("a rest that no link could ask for is refused with what may be paid", async () => {
  const link = await stage.makeLink({ partAllowed: true });
  const answer = await request(stage.pathOf(link), { form: { ...FORM, how: "other", other: "1249.80" } });
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain("Pay the full $1,250.00, or no more than $1,249.50");
});

test("where the least amount leaves no choice, none is offered", async () => {
  const link = await stage.makeLink({ partAllowed: true, leastMinor: 125_000n });
  const page = await (await request(stage.pathOf(link))).text();
  expect(page).not.toContain("Another amount");
  expect(page).toContain("Continue to pay $1,250.00");
});

test("a trust request takes another amount only where its sender allowed it", async () => {
  const allowed = await stage.makeLink({ isTrust: true, partAllowed: true });
  const whole = await stage.makeLink({ isTrust: true });
  expect(await (await request(stage.pathOf(allowed))).text()).toContain("Another amount");
  expect(await (await request(stage.pathOf(whole))).text()).not.toContain("Another amount");
  const form = { ...FORM, how: "other", other: "10" };
  expect((await request(stage.pathOf(whole), { form })).status).toBe(422);
});

test("the logo stands for the firm's name, and the disclaimer keeps its paragraphs", async () => {
  const { firmId, slug } = stage.stage.firm;
  const hash = "0123456789abcdef0123456789abcdef";
  await stage.inFirm(
    "insert into firm_logo (firm_id, media_type, content, hash, width, height) values ($1, 'image/png', $2, $3, 240, 60)",
    [firmId, Buffer.from("png"), hash],
  );
  await stage.inFirm("update firm_settings set disclaimer = $1", [
    "No legal advice.\n\nAll <b>rights</b> kept.",
  ]);
  try {
    const page = await (await request(stage.pathOf(await stage.makeLink()))).text();
    expect(page).toContain(
      `<img src="/logo/${slug}/${hash}" alt="Marlow Keane LLP" width="240" height="60"/>`,
    );
    expect(page).toContain("<p>No legal advice.</p><p>All &lt;b&gt;rights&lt;/b&gt; kept.</p>");
  } finally {
    await stage.inFirm("delete from firm_logo");
    await stage.inFirm("update firm_settings set disclaimer = ''");
  }
});

test("a colour that cannot be read gives way to the product's own", async () => {
  const link = await stage.makeLink();
  const colours: (string | undefined)[] = [];
  for (const colour of ["#ffee00", "javascript:alert(1)"]) {
    await stage.inFirm("update firm_settings set brand_color = $1", [colour]).catch(() => undefined);
    colours.push(
      /--brand:(#\w+);--brand-ink:(#\w+)/.exec(await (await request(stage.pathOf(link))).text())?.[0],
    );
  }
  await stage.inFirm("update firm_settings set brand_color = '#1f4a40'");
  // Yellow takes black ink; what is no colour never gets so far as the table.
  expect(colours).toEqual(["--brand:#ffee00;--brand-ink:#000000", "--brand:#ffee00;--brand-ink:#000000"]);
});

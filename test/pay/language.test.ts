import { expect, test } from "vitest";
import { acceptedLanguage } from "../../src/pay/language.ts";
import { useStage } from "../payments/stage.ts";
import { bank, card } from "../sandbox/processor/stand.ts";

const stage = useStage();
const get = (path: string, headers: Record<string, string> = {}) => stage.app().request(path, { headers });
const textOf = async (path: string, headers: Record<string, string> = {}) =>
  await (await get(path, headers)).text();
const langOf = (page: string) => /<html lang="([^"]+)"/.exec(page)?.[1];

test.each([
  [undefined, "en"],
  ["", "en"],
  ["es", "es"],
  ["fr-CA,fr;q=0.9,en;q=0.8", "fr"],
  ["de-DE,de;q=0.9,es;q=0.5,fr;q=0.7", "fr"],
  ["en;q=0.5, es;q=0.9", "es"],
  ["es;q=0, fr;q=0.1", "fr"],
  ["*", "en"],
  ["zh", "en"],
  ["ES-mx", "es"],
  ["fr;q=nonsense, es;q=0.1", "es"],
  ["fr;q=7, es;q=0.1", "es"],
  [`${"de,".repeat(500)}es`, "en"],
] as const)("a browser that asks for %j reads %s", (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});

test("the payer's choice goes before the sender's, and the sender's before the browser's", async () => {
  const link = await stage.makeLink();
  const path = stage.pathOf(link);
  const browser = { "Accept-Language": "fr-CA,fr;q=0.9" };
  expect(langOf(await textOf(path, browser))).toBe("fr");
  await stage.inFirm("update payment_link set language = 'es' where id = $1", [link.id]);
  expect(langOf(await textOf(path, browser))).toBe("es");
  const chosen = await get(`${path}?lang=en`, browser);
  expect(langOf(await chosen.text())).toBe("en");
  const cookie = chosen.headers.get("Set-Cookie") ?? "";
  expect(cookie).toMatch(/^sfp_language=en; .*Path=\/p; HttpOnly; SameSite=Lax$/);
  expect(langOf(await textOf(path, { ...browser, Cookie: "sfp_language=en" }))).toBe("en");
  expect(langOf(await textOf(path, { ...browser, Cookie: "sfp_language=xx" }))).toBe("es");
  expect(langOf(await textOf(`${path}?lang=de`, browser))).toBe("es");
});

test("every page offers the three languages, each named in itself", async () => {
  const page = await textOf(stage.pathOf(await stage.makeLink()));
  for (const [code, name] of [
    ["en", "English"],
    ["es", "Español"],
    ["fr", "Français"],
  ])
    expect(page).toMatch(new RegExp(`\\?lang=${code}" lang="${code}" hreflang="${code}"[^>]*>${name}<`));
});

test("a choice outlives the form where cookies are off", async () => {
  const link = await stage.makeLink();
  const path = stage.pathOf(link);
  expect(await textOf(`${path}?lang=es`)).toContain(`action="${path}?lang=es"`);
  const response = await stage.post(`${path}?lang=es`, { how: "full", method: "", receipt: "" });
  expect(response.status).toBe(422);
  const page = await response.text();
  expect(langOf(page)).toBe("es");
  for (const text of ["Hay un problema", "Elija cómo desea pagar", "<title>Error: Pagar a"])
    expect(page).toContain(text);
});

test("dates and amounts are written as the language writes them", async () => {
  const link = await stage.makeLink({ statements: [50_000n, 75_000n], partAllowed: true });
  await stage.inFirm("update payment_link set due_on = '2026-11-12' where id = $1", [link.id]);
  const path = stage.pathOf(link);
  const french = await textOf(`${path}?lang=fr`);
  expect(french).toContain("1\u00a0250,00\u00a0$\u00a0US");
  expect(french).toContain("jeudi 12 novembre 2026");
  const spanish = await textOf(`${path}?lang=es`);
  expect(spanish).toContain("$1,250.00");
  expect(spanish).toContain("Vence el jueves, 12 de noviembre de 2026");
  expect(await textOf(`${path}?lang=en`)).toContain("Due Thursday, November 12, 2026");
});

test("a British firm's English pages write dates the British way", async () => {
  const link = await stage.makeLink();
  await stage.inFirm("update payment_link set due_on = '2026-11-12' where id = $1", [link.id]);
  await stage.inFirm("update firm set locale = 'en-GB'");
  try {
    expect(await textOf(stage.pathOf(link))).toMatch(/Due Thursday,? 12 November 2026/);
  } finally {
    await stage.inFirm("update firm set locale = 'en-US'");
  }
});

test("the processor's page speaks the same language, and another choice makes another page", async () => {
  const link = await stage.makeLink();
  const path = stage.pathOf(link);
  const form = { how: "full", method: "card", receipt: "" };
  const first = (await stage.post(`${path}?lang=es`, form)).headers.get("Location");
  const again = (await stage.post(`${path}?lang=es`, form)).headers.get("Location");
  const second = (await stage.post(`${path}?lang=fr`, form)).headers.get("Location");
  expect(again).toBe(first);
  expect(second).not.toBe(first);
  const sessions = await stage.sessions(link.id);
  expect(sessions.map(({ locale, status }) => [locale, status]).toSorted()).toEqual([
    ["es-419", "expired"],
    ["fr", "open"],
  ]);
  expect((await stage.checkouts(link.id)).map(({ language }) => language)).toEqual(["es", "fr"]);
});

/** What English pages say; none of it may stand on a page in another language. */
const ENGLISH =
  /\b(?:Payment|Amount|Statement|Receipt|Continue|Paid|Error:|link|please|Questions|Call|Reference|Submitted|account of|Warehouse)\b/;

test.each(["es", "fr"])("no page in %s holds English", async (language) => {
  const ways = await Promise.all([
    stage.makeLink({ partAllowed: true }),
    stage.makeLink({ isTrust: true }),
    stage.makeLink({ state: "cancelled" }),
    stage.makeLink({ state: "expired", expiresAt: new Date("2026-11-16T12:00:00Z") }),
  ]);
  const paid = await stage.makeLink({ partAllowed: true });
  await stage.submit(await stage.begin(paid, { how: "other", other: "400" }), card());
  const clearing = await stage.makeLink();
  await stage.submit(await stage.begin(clearing, { method: "bank" }), bank());
  for (const event of await stage.events()) await stage.deliver(event);
  await stage.drain();
  const paths = [...ways, paid, clearing].map((link) => `${stage.pathOf(link)}?lang=${language}`);
  const pages = await Promise.all([...paths, `/p/nowhere?lang=${language}`].map((path) => textOf(path)));
  for (const page of pages) {
    expect(langOf(page)).toBe(language);
    const text = page
      .replace(/<(style|head)\b.*?<\/\1>/gs, " ")
      .replace(/<[^>]+>/g, " ")
      .replaceAll(/Marlow Keane LLP|Okafor Logistics, Inc\./g, " ");
    expect(text).not.toMatch(ENGLISH);
  }
});

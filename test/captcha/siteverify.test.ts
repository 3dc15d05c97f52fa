import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { CaptchaMaker, Question } from "../../src/captcha/port.ts";
import { openCaptcha } from "../../src/captcha/siteverify.ts";
import { openMakers, tokenOf, trouble } from "./stand-in.ts";

const MAKERS: readonly CaptchaMaker[] = ["recaptcha", "turnstile", "hcaptcha"];
const OURS = "http://127.0.0.1:4000";

const captchaAt = (origin: string | undefined) =>
  openCaptcha({ CAPTCHA_API_BASE: origin, PUBLIC_ORIGIN: OURS });

const question = (maker: CaptchaMaker, token: string, change: Partial<Question> = {}): Question => ({
  maker,
  siteKey: `sandbox-${maker}-site`,
  secret: `sandbox-${maker}-secret`,
  token,
  ...change,
});

test.each(MAKERS)("a token of %s is good once", async (maker) => {
  const makers = await openMakers();
  const { verify } = captchaAt(makers.origin);
  const token = await tokenOf(makers, maker);
  expect(await verify(question(maker, token))).toEqual({ verdict: "person" });
  expect(await verify(question(maker, token))).toEqual({ verdict: "not_proven", reason: "spent" });
});

test.each(MAKERS)("a wrong secret of %s is told apart from a wrong visitor", async (maker) => {
  const makers = await openMakers();
  const { verify } = captchaAt(makers.origin);
  const token = await tokenOf(makers, maker);
  expect(await verify(question(maker, token, { secret: "wrong" }))).toEqual({
    verdict: "unfit",
    reason: "secret",
  });
  expect(await verify(question(maker, "made-up"))).toEqual({ verdict: "not_proven", reason: "refused" });
});

test("keys of hCaptcha that do not belong together are named", async () => {
  const makers = await openMakers();
  const token = await tokenOf(makers, "hcaptcha");
  const asked = question("hcaptcha", token, { siteKey: "another-site" });
  expect(await captchaAt(makers.origin).verify(asked)).toEqual({ verdict: "unfit", reason: "keys_differ" });
});

test("a token from another host or for another action is refused", async () => {
  const makers = await openMakers();
  const { verify } = captchaAt(makers.origin);
  const foreign = await tokenOf(makers, "recaptcha", { hostname: "elsewhere.example" });
  expect(await verify(question("recaptcha", foreign))).toMatchObject({ reason: "refused" });
  const other = await tokenOf(makers, "turnstile", { action: "signin" });
  expect(await verify(question("turnstile", other))).toMatchObject({ reason: "refused" });
});

test("without a token, and with one that is much too long, nobody is asked", async () => {
  const ask = vi.spyOn(globalThis, "fetch");
  onTestFinished(() => ask.mockRestore());
  const { verify } = captchaAt(undefined);
  expect(await verify(question("recaptcha", ""))).toEqual({ verdict: "not_proven", reason: "missing" });
  expect(await verify(question("recaptcha", "x".repeat(10_000)))).toMatchObject({ reason: "refused" });
  expect(ask).not.toHaveBeenCalled();
});

test.each(["down", "rate_limit"])("a maker that is in trouble (%s) is down", async (kind) => {
  const makers = await openMakers();
  await trouble(makers, kind);
  const token = await tokenOf(makers, "recaptcha");
  expect(await captchaAt(makers.origin).verify(question("recaptcha", token))).toMatchObject({
    verdict: "down",
  });
});

test.each([
  ["a page", (response: ServerResponse) => void response.end("<html>proxy</html>")],
  ["a redirect", (response: ServerResponse) => void response.writeHead(302, { location: "/" }).end()],
  ["a broken connection", (response: ServerResponse) => void response.destroy()],
])("%s instead of an answer is down", async (_what, answer) => {
  const server = createServer((request, response) => request.resume().on("end", () => answer(response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { verify } = captchaAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(await verify(question("turnstile", "token"))).toMatchObject({ verdict: "down" });
});

test("a maker that takes longer than five seconds is down", async () => {
  const makers = await openMakers();
  const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
    expect(milliseconds).toBe(5_000);
    return AbortSignal.abort(new DOMException("late", "TimeoutError"));
  });
  onTestFinished(() => timeout.mockRestore());
  expect(await captchaAt(makers.origin).verify(question("recaptcha", "token"))).toEqual({
    verdict: "down",
    reason: "TimeoutError",
  });
});

test.each([
  ["recaptcha", "https://www.google.com/recaptcha/api/siteverify"],
  ["turnstile", "https://challenges.cloudflare.com/turnstile/v0/siteverify"],
  ["hcaptcha", "https://api.hcaptcha.com/siteverify"],
] as const)("%s is asked at its own address, and learns nothing of the visitor", async (maker, address) => {
  const ask = vi
    .spyOn(globalThis, "fetch")
    .mockImplementation(async () => Response.json({ success: true, hostname: "127.0.0.1", action: "pay" }));
  onTestFinished(() => ask.mockRestore());
  expect(await captchaAt(undefined).verify(question(maker, "token"))).toEqual({ verdict: "person" });
  const [url, init] = ask.mock.calls[0] ?? [];
  expect(url).toBe(address);
  const body = init?.body instanceof URLSearchParams ? init.body : new URLSearchParams();
  expect([...body.keys()]).toEqual(["secret", "response", ...(maker === "hcaptcha" ? ["sitekey"] : [])]);
});

test("the widget names the maker's script in the page's language, and only the maker's sources", () => {
  const { widget } = captchaAt(undefined);
  expect(widget("recaptcha", "site", "fr")).toMatchObject({
    scriptUrl: "https://www.google.com/recaptcha/api.js?hl=fr",
    className: "g-recaptcha",
    attributes: { "data-sitekey": "site" },
  });
  const turnstile = widget("turnstile", "site", "es");
  expect(turnstile.scriptUrl).toBe("https://challenges.cloudflare.com/turnstile/v0/api.js");
  expect(turnstile.attributes).toMatchObject({ "data-language": "es", "data-action": "pay" });
  expect(turnstile.sources.frame).toEqual(["https://challenges.cloudflare.com"]);
  expect(widget("hcaptcha", "site", "en").scriptUrl).toBe("https://js.hcaptcha.com/1/api.js?hl=en");
});

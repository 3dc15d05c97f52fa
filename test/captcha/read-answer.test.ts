import { expect, test } from "vitest";
import type { CaptchaMaker } from "../../src/captcha/port.ts";
import { readAnswer } from "../../src/captcha/read-answer.ts";

const HERE = "pay.example.com";
const read = (answer: unknown, maker: CaptchaMaker = "recaptcha") => readAnswer(maker, answer, HERE);
const refusal = (...codes: string[]) => ({ success: false, "error-codes": codes });

test("a token that was made on our page for our purpose proves a person", () => {
  expect(read({ success: true, hostname: HERE })).toEqual({ verdict: "person" });
  expect(read({ success: true, hostname: HERE, action: "pay" }, "turnstile")).toEqual({ verdict: "person" });
  expect(read({ success: true, hostname: HERE, score: 0.5 })).toEqual({ verdict: "person" });
});

test.each([
  ["made on another site", { success: true, hostname: "elsewhere.example" }, "recaptcha"],
  ["made nowhere that is named", { success: true }, "hcaptcha"],
  ["made for another purpose", { success: true, hostname: HERE, action: "signin" }, "turnstile"],
  ["made for no purpose", { success: true, hostname: HERE }, "turnstile"],
  ["given to what is hardly a person", { success: true, hostname: HERE, score: 0.4 }, "recaptcha"],
] as const)("a token %s proves nothing", (_what, answer, maker) => {
  expect(read(answer, maker)).toEqual({ verdict: "not_proven", reason: "refused" });
});

test.each([
  ["missing-input-response", "missing"],
  ["timeout-or-duplicate", "spent"],
  ["expired-input-response", "spent"],
  ["already-seen-response", "spent"],
  ["invalid-input-response", "refused"],
  ["bad-request", "refused"],
  ["a-code-of-tomorrow", "refused"],
])("%s is the visitor's matter: %s", (code, reason) => {
  expect(read(refusal(code))).toEqual({ verdict: "not_proven", reason });
});

test.each([
  ["missing-input-secret", "secret"],
  ["invalid-input-secret", "secret"],
  ["sitekey-secret-mismatch", "keys_differ"],
  ["invalid-keys", "keys_differ"],
  ["not-using-dummy-passcode", "test_keys"],
])("%s is the firm's matter: %s", (code, reason) => {
  expect(read(refusal(code, "invalid-input-response"))).toEqual({ verdict: "unfit", reason });
});

test.each([
  ["recaptcha", "testkey.google.com"],
  ["turnstile", "example.com"],
  ["hcaptcha", "dummy-key-pass"],
] as const)("the public test keys of %s are no protection", (maker, hostname) => {
  expect(read({ success: true, hostname }, maker)).toEqual({ verdict: "unfit", reason: "test_keys" });
});

test.each([[null], ["true"], [{}], [{ success: "true" }], [{ success: 1 }], [[]]])(
  "%j is no answer, and lets nobody through",
  (answer) => {
    expect(read(answer)).toMatchObject({ verdict: "down" });
  },
);

test("a failure without a code refuses, and the maker's own trouble is an outage", () => {
  expect(read({ success: false })).toEqual({ verdict: "not_proven", reason: "refused" });
  expect(read(refusal("internal-error"))).toMatchObject({ verdict: "down" });
});

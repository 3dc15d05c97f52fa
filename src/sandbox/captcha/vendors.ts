export type Vendor = "recaptcha" | "turnstile" | "hcaptcha";

/**
 * A pair from a vendor's console. `verdict` marks a vendor's published test pair, which answers the same to
 * any token.
 */
export type KeyPair = {
  vendor: Vendor;
  siteKey: string;
  secret: string;
  verdict?: "pass" | "fail" | "spent";
};

type VendorRules = {
  lifetimeSeconds: number;
  /** The field of the form in which the browser sends the token. */
  field: string;
  /** The class of the element that a page puts where the widget shall be. */
  className: string;
  spentCode: string;
  expiredCode: string;
  /** What the vendor calls the host in an answer to its test pair. */
  testHostname: string;
};

/** What differs from vendor to vendor in one and the same protocol. */
export const VENDORS: Record<Vendor, VendorRules> = {
  // https://developers.google.com/recaptcha/docs/verify
  recaptcha: {
    lifetimeSeconds: 120,
    field: "g-recaptcha-response",
    className: "g-recaptcha",
    spentCode: "timeout-or-duplicate",
    expiredCode: "timeout-or-duplicate",
    testHostname: "testkey.google.com",
  },
  // https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
  turnstile: {
    lifetimeSeconds: 300,
    field: "cf-turnstile-response",
    className: "cf-turnstile",
    spentCode: "timeout-or-duplicate",
    expiredCode: "timeout-or-duplicate",
    testHostname: "example.com",
  },
  // https://docs.hcaptcha.com/#siteverify-error-codes-table
  hcaptcha: {
    lifetimeSeconds: 120,
    field: "h-captcha-response",
    className: "h-captcha",
    spentCode: "already-seen-response",
    expiredCode: "expired-input-response",
    testHostname: "dummy-key-pass",
  },
};

/** The vendors' published test pairs. */
export const TEST_KEYS: readonly KeyPair[] = [
  {
    vendor: "recaptcha",
    siteKey: "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI",
    secret: "6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe",
    verdict: "pass",
  },
  {
    vendor: "turnstile",
    siteKey: "1x00000000000000000000AA",
    secret: "1x0000000000000000000000000000000AA",
    verdict: "pass",
  },
  {
    vendor: "turnstile",
    siteKey: "2x00000000000000000000AB",
    secret: "2x0000000000000000000000000000000AA",
    verdict: "fail",
  },
  {
    vendor: "turnstile",
    siteKey: "3x00000000000000000000FF",
    secret: "3x0000000000000000000000000000000AA",
    verdict: "spent",
  },
  {
    vendor: "hcaptcha",
    siteKey: "10000000-ffff-ffff-ffff-000000000001",
    secret: "0x0000000000000000000000000000000000000000",
    verdict: "pass",
  },
];

/** The sandbox's own pairs, one per vendor, with which tokens live, die and are used up as in earnest. */
export const SANDBOX_KEYS: readonly KeyPair[] = [
  { vendor: "recaptcha", siteKey: "sandbox-recaptcha-site", secret: "sandbox-recaptcha-secret" },
  { vendor: "turnstile", siteKey: "sandbox-turnstile-site", secret: "sandbox-turnstile-secret" },
  { vendor: "hcaptcha", siteKey: "sandbox-hcaptcha-site", secret: "sandbox-hcaptcha-secret" },
];

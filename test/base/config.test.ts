import { describe, expect, it } from "vitest";
import { ConfigError, describeConfig, parseConfig, parseGiven, wantsSandbox } from "../../src/base/config.ts";
import { PRODUCTION } from "./production-settings.ts";

function faultsOf(environment: Record<string, string | undefined>): ConfigError {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the settings were taken");
}

describe("parseGiven", () => {
  it("takes nothing at all and fills in what has a default", () => {
    const settings = parseGiven({});
    expect(settings).toMatchObject({ NODE_ENV: "development", HOST: "127.0.0.1", DATABASE_POOL_SIZE: 10 });
    expect(settings.PORT).toBeUndefined();
  });

  it("takes an empty setting for one that is not there", () => {
    expect(parseGiven({ PORT: "", STRIPE_SECRET_KEY: "  ", DATABASE_URL: undefined })).toEqual(
      parseGiven({}),
    );
  });

  it.each([
    ["PORT", "0"],
    ["PORT", "65536"],
    ["PORT", "80.5"],
    ["PORT", "-1"],
    ["DATABASE_POOL_SIZE", "1"],
    ["PUBLIC_ORIGIN", "https://pay.example.com/"],
    ["PUBLIC_ORIGIN", "pay.example.com"],
    ["DATABASE_URL", "mysql://root@127.0.0.1/pay"],
    ["LINK_KEY", "c2hvcnQ="],
    ["SEALING_KEYS", "no-key-id"],
    ["STRIPE_SECRET_KEY", "pk_live_123"],
    ["MAIL_FROM", "not an address"],
    ["NODE_ENV", "Production"],
    ["SANDBOX", "yes"],
  ])("refuses %s=%s by its name", (name, value) => {
    const error = faultsOf({ ...PRODUCTION, NODE_ENV: "test", [name]: value });
    expect(error.faults.map((fault) => fault.name)).toEqual([name]);
  });
});

describe("a wrong configuration", () => {
  it("tells every fault at once, each with its name, what was found and what is expected", () => {
    const error = faultsOf({ ...PRODUCTION, PORT: "eighty", MAIL_FROM: "nobody", LOG_LEVEL: "loud" });
    expect(error.faults.map((fault) => fault.name).sort()).toEqual(["LOG_LEVEL", "MAIL_FROM", "PORT"]);
    expect(error.message).toContain('PORT: found "eighty", expected a whole number from 1 to 65535');
    expect(error.message).toContain('MAIL_FROM: found "nobody", expected an email address');
    expect(error.message).toMatch(/LOG_LEVEL: found "loud", expected one of .*debug/);
  });

  it("never shows a secret, also not a short one or the password of an address", () => {
    const error = faultsOf({
      NODE_ENV: "test",
      LINK_KEY: "much-too-secret-to-be-shown-to-anybody",
      STRIPE_WEBHOOK_SECRET: "hunter2",
      POSTMARK_SERVER_TOKEN: "pw",
      DATABASE_URL: "mysql://service:s3cr@t-word@db.example/pay",
      DATABASE_OWNER_URL: "only-a-password",
    });
    expect(error.faults).toHaveLength(5);
    for (const secret of ["secret-to-be", "hunt", "pw", "s3cr", "t-word", "only-a"])
      expect(error.message).not.toContain(`${secret}`);
    expect(error.message).toContain("mysql://service:****@db.example/pay");
    expect(error.message).toContain("(38 characters)");
  });

  it("names each setting that only the embedded default could fill in", () => {
    expect(faultsOf({}).faults.map((fault) => fault.name)).toEqual([
      "PUBLIC_ORIGIN",
      "DATABASE_URL",
      "SEALING_KEYS",
      "LINK_KEY",
      "STRIPE_SECRET_KEY",
      "STRIPE_WEBHOOK_SECRET",
      "POSTMARK_SERVER_TOKEN",
      "POSTMARK_WEBHOOK_PASSWORD",
    ]);
  });
});

describe("production", () => {
  it("starts with everything set", () => {
    expect(parseConfig(PRODUCTION)).toMatchObject({ PUBLIC_ORIGIN: "https://pay.firm.example" });
    expect(wantsSandbox(parseGiven(PRODUCTION))).toBe(false);
  });

  it.each([
    ["SANDBOX", "on"],
    ["PUBLIC_ORIGIN", "http://pay.firm.example"],
    ["STRIPE_API_BASE", "http://127.0.0.1:4002"],
    ["POSTMARK_API_BASE", "http://127.0.0.1:4003"],
    ["DOCKET_ORIGIN", "http://127.0.0.1:4001"],
    ["LINK_KEY", `${"A".repeat(43)}=`],
    ["SEALING_KEYS", `k1:${"A".repeat(43)}=`],
    ["LINK_KEY", undefined],
    ["DATABASE_URL", ""],
  ])("refuses %s as %s", (name, value) => {
    expect(faultsOf({ ...PRODUCTION, [name]: value }).faults.map((fault) => fault.name)).toEqual([name]);
  });

  it("tells faults of the form and of production together", () => {
    const error = faultsOf({ ...PRODUCTION, PORT: "eighty", SANDBOX: "on", LINK_KEY: undefined });
    expect(error.faults.map((fault) => fault.name).sort()).toEqual(["LINK_KEY", "PORT", "SANDBOX"]);
  });
});

describe("describeConfig", () => {
  it("lists every setting with its purpose, and no secret in the clear", () => {
    const lines = describeConfig({
      ...PRODUCTION,
      DATABASE_OWNER_URL: "postgres://db.example/pay?user=owner&password=plain-as-day&sslpassword=also",
    });
    const shown = lines.map((line) => `${line.name}=${line.value}`).join("\n");
    for (const line of lines) expect(line.purpose.length, line.name).toBeGreaterThan(10);
    for (const secret of [
      "live_123",
      "whsec_topsecret",
      "server-token",
      "webhooks-password",
      "db-pass",
      "plain-as",
      "also",
    ])
      expect(shown).not.toContain(secret);
    expect(shown).toContain("DATABASE_URL=postgres://service:****@db.example:5432/pay");
    expect(shown).toContain("PUBLIC_ORIGIN=https://pay.firm.example");
    expect(shown).toContain("PORT=(embedded default)");
  });
});

describe("wantsSandbox", () => {
  it("is on until a real processor is set, unless somebody says otherwise", () => {
    expect(wantsSandbox(parseGiven({}))).toBe(true);
    expect(wantsSandbox(parseGiven({ STRIPE_SECRET_KEY: "sk_test_1" }))).toBe(false);
    expect(wantsSandbox(parseGiven({ SANDBOX: "off" }))).toBe(false);
    expect(wantsSandbox(parseGiven({ SANDBOX: "on", STRIPE_SECRET_KEY: "sk_test_1" }))).toBe(true);
  });
});

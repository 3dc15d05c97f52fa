import nock from "nock";
import { afterEach, describe, expect, it, vi } from "vitest";
import { discover } from "../../connectors/issuer.ts";
import { errorOf, registrationAt, useNetworkOff } from "../../connectors/stage.suite.ts";

const JSON_TYPE = { "content-type": "application/json" };
const TEN_MINUTES_MILLISECONDS = 600_000;

function stage(origin: string, status: number, body: unknown): void {
  nock(origin)
    .get("/.well-known/openid-configuration")
    .reply(status, typeof body === "string" ? body : JSON.stringify(body), JSON_TYPE);
}

describe("an authorization server's metadata", () => {
  useNetworkOff();
  afterEach(() => vi.useRealTimers());

  it("is asked for once in ten minutes", async () => {
    const origin = "https://once.test";
    vi.useFakeTimers({ toFake: ["Date"] });
    stage(origin, 200, { issuer: origin });
    const first = await discover(registrationAt(origin));
    expect(await discover(registrationAt(origin))).toBe(first);
    vi.setSystemTime(Date.now() + TEN_MINUTES_MILLISECONDS);
    stage(origin, 200, { issuer: origin, jwks_uri: `${origin}/new` });
    expect((await discover(registrationAt(origin))).jwks_uri).toBe(`${origin}/new`);
  });

  it("must name the origin that was registered as its issuer", async () => {
    stage("https://mixed.test", 200, { issuer: "https://attacker.test" });
    expect((await errorOf(discover(registrationAt("https://mixed.test")))).kind).toBe("unreadable");
  });

  it("is not kept when it could not be read", async () => {
    const origin = "https://failing.test";
    stage(origin, 503, "{}");
    expect((await errorOf(discover(registrationAt(origin)))).kind).toBe("outage");
    stage(origin, 200, "not json");
    expect((await errorOf(discover(registrationAt(origin)))).kind).toBe("unreadable");
    stage(origin, 200, { issuer: origin });
    expect((await discover(registrationAt(origin))).issuer).toBe(origin);
  });

  it("is never asked for in the clear, except of this machine", async () => {
    expect((await errorOf(discover(registrationAt("http://vendor.test")))).kind).toBe("rejected");
    stage("http://127.0.0.1:8099", 200, { issuer: "http://127.0.0.1:8099" });
    expect((await discover(registrationAt("http://127.0.0.1:8099"))).issuer).toBe("http://127.0.0.1:8099");
  });
});

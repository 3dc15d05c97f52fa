import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { demandCalm } from "../../src/web/limit.ts";
import { useDatabase } from "../support/database.ts";
import { testContext } from "../support/world.ts";
import { smallApp } from "./small-app.ts";

describe("demandCalm", () => {
  const box = useDatabase();
  let now: Date;
  let name: string;
  beforeEach(() => {
    now = new Date("2026-11-12T12:00:00Z");
    name = newId();
  });

  function caller(options: { proxies?: number; limit?: number } = {}) {
    const cx = testContext(box, { now: () => now });
    const app = smallApp(
      { ...cx, config: { ...cx.config, trustedProxies: options.proxies ?? 0 } },
      (routes) => {
        routes.get("/do", (c) => {
          demandCalm(c, { name, limit: options.limit ?? 2, windowSeconds: 60 }, c.req.query("about"));
          return c.text("done");
        });
      },
    );
    return async (from: { address?: string; forwarded?: string; about?: string } = {}) => {
      const headers: Record<string, string> =
        from.forwarded === undefined ? {} : { "X-Forwarded-For": from.forwarded };
      const env = { incoming: { socket: { remoteAddress: from.address ?? "192.0.2.1" } } };
      return await app.request(`/do?about=${from.about ?? ""}`, { headers }, env);
    };
  }

  it("lets through what is allowed, then says how long to wait, and starts anew", async () => {
    const call = caller();
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(200);
    now = new Date(now.getTime() + 20_500);
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("Retry-After")).toBe("40");
    expect(await refused.text()).toBe("That was very often. Wait 40 seconds and try again.");
    now = new Date(now.getTime() + 39_500);
    expect((await call()).status).toBe(200);
  });

  it("counts callers, and what they do it to, apart", async () => {
    const call = caller({ limit: 1 });
    expect((await call({ about: "one" })).status).toBe(200);
    expect((await call({ about: "two" })).status).toBe(200);
    expect((await call({ about: "one", address: "192.0.2.2" })).status).toBe(200);
    expect((await call({ about: "one" })).status).toBe(429);
  });

  it.each([
    ["2001:db8::1", "2001:db8::ffff:1:2:3", true],
    ["2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", true],
    ["2001:0db8::1", "2001:db8::2", true],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
    ["::ffff:192.0.2.7", "192.0.2.7", true],
    ["::ffff:192.0.2.7", "::ffff:192.0.2.8", false],
    ["192.0.2.7", "192.0.2.8", false],
  ])("takes %s and %s for one caller: %s", async (first, second, isSame) => {
    const call = caller({ limit: 1 });
    expect((await call({ address: first })).status).toBe(200);
    expect((await call({ address: second })).status).toBe(isSame ? 429 : 200);
  });

  it("believes only what its own proxies added", async () => {
    const direct = caller({ limit: 1 });
    expect((await direct({ forwarded: "198.51.100.1" })).status).toBe(200);
    expect((await direct({ forwarded: "198.51.100.2" })).status).toBe(429);
    name = newId();
    const behindOne = caller({ limit: 1, proxies: 1 });
    expect((await behindOne({ forwarded: "198.51.100.1, 203.0.113.5" })).status).toBe(200);
    expect((await behindOne({ forwarded: "198.51.100.2, 203.0.113.5" })).status).toBe(429);
    expect((await behindOne({ forwarded: "198.51.100.1, 203.0.113.6:5123" })).status).toBe(200);
    expect((await behindOne({ forwarded: "203.0.113.6:6234" })).status).toBe(429);
  });

  it("forgets the oldest callers in a flood, and nothing else", async () => {
    const call = caller({ limit: 1, proxies: 1 });
    for (let index = 0; index < 50_010; index++) {
      const answer = await call({ forwarded: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` });
      if (answer.status !== 200) throw new Error(`caller ${index} was refused`);
    }
    expect((await call({ forwarded: "10.0.195.80" })).status).toBe(429);
    expect((await call({ forwarded: "10.0.0.0" })).status).toBe(200);
  });
});

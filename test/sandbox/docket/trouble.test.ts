import { afterEach, describe, expect, test } from "vitest";
import type { Running } from "../../../src/sandbox/serve.ts";
import {
  call,
  connect,
  type Entry,
  type Failure,
  type List,
  openStatements,
  refresh,
  removeFolders,
  startTestDocket,
} from "./harness.ts";

let docket: Running;
afterEach(async () => {
  await docket.close();
  removeFolders();
});

async function start(requestsPerMinute = 1000) {
  docket = await startTestDocket({ requestsPerMinute });
  return connect(docket);
}

const fault = (body: object) => call(docket, "", "/control/faults", body);
const me = (token: string) => call<Failure>(docket, token, "/api/v1/me");

describe("the rate limit", () => {
  test("counts per grant, says what is left and when to come back", async () => {
    const { access_token: token } = await start(3);
    const first = await me(token);
    expect(first.headers.get("x-ratelimit-limit")).toBe("3");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("2");
    const reset = Number(first.headers.get("x-ratelimit-reset"));
    expect(reset - Date.now() / 1000).toBeGreaterThan(50);
    await me(token);
    await me(token);
    const refused = await me(token);
    expect(refused.status).toBe(429);
    expect(refused.body.error.code).toBe("rate_limited");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(61);
    const other = await connect(docket);
    expect((await me(other.access_token)).status).toBe(200);
  });

  test("follows the grant through a refresh", async () => {
    const tokens = await start(1);
    await me(tokens.access_token);
    const renewed = (await (await refresh(docket, tokens.refresh_token)).json()) as { access_token: string };
    expect((await me(renewed.access_token)).status).toBe(429);
  });
});

describe("faults", () => {
  test("error and rate_limit hit exactly as many requests as asked, in the order they were set", async () => {
    const { access_token: token } = await start();
    await fault({ kind: "error", count: 2 });
    await fault({ kind: "rate_limit", retry_after: 7 });
    const answers = [await me(token), await me(token), await me(token), await me(token)];
    expect(answers.map((answer) => answer.status)).toEqual([500, 500, 429, 200]);
    expect(answers[2]?.headers.get("retry-after")).toBe("7");
    expect(answers[0]?.body.error.code).toBe("internal_error");
  });

  test("hit only paths with their beginning, can be listed and cleared", async () => {
    const { access_token: token } = await start();
    await fault({ kind: "error", path: "/api/v1/matters", count: 5 });
    expect((await me(token)).status).toBe(200);
    expect((await call(docket, token, "/api/v1/matters")).status).toBe(500);
    const { body } = await call<List<unknown>>(docket, "", "/control/faults");
    expect(body.data).toEqual([
      expect.objectContaining({ kind: "error", count: 4, path: "/api/v1/matters" }),
    ]);
    expect((await call(docket, "", "/control/faults", undefined, "DELETE")).status).toBe(204);
    expect((await call(docket, token, "/api/v1/matters")).status).toBe(200);
  });

  test("latency answers late and correctly", async () => {
    const { access_token: token } = await start();
    await fault({ kind: "latency", milliseconds: 300 });
    const startedAt = performance.now();
    expect((await me(token)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(295);
  });

  test("drop_answer writes the payment once and cuts the connection without an answer", async () => {
    const { access_token: token } = await start();
    const [statement] = await openStatements(docket, token, "invoice");
    await fault({ kind: "drop_answer", path: "/api/v1/payments" });
    const payment = {
      reference: "lost-answer",
      received_on: "2030-01-01",
      method: "card",
      memo: null,
      payer_name: null,
      amount: 1,
      allocations: [{ statement_id: statement?.id, amount: 1 }],
    };
    await expect(call(docket, token, "/api/v1/payments", payment)).rejects.toThrow();
    const found = await call<List<Entry>>(docket, token, "/api/v1/payments?reference=lost-answer");
    expect(found.status).toBe(200);
    expect(found.body.data).toHaveLength(1);
  });

  test("drop_answer on the token endpoint loses the rotated refresh token for good", async () => {
    const tokens = await start();
    await fault({ kind: "drop_answer", path: "/oauth/token" });
    await expect(refresh(docket, tokens.refresh_token)).rejects.toThrow();
    expect((await refresh(docket, tokens.refresh_token)).status).toBe(400);
    expect((await me(tokens.access_token)).status).toBe(401);
  });

  test("revoke_grants ends every grant at once", async () => {
    const tokens = await start();
    const answer = await call<{ revoked: number }>(docket, "", "/control/faults", { kind: "revoke_grants" });
    expect(answer.body.revoked).toBe(1);
    expect((await me(tokens.access_token)).status).toBe(401);
    expect((await refresh(docket, tokens.refresh_token)).status).toBe(400);
  });

  test("another site's page cannot set one", async () => {
    await start();
    const response = await fetch(`${docket.origin}/control/faults`, {
      method: "POST",
      headers: { origin: "http://127.0.0.1:4999" },
      body: JSON.stringify({ kind: "revoke_grants" }),
    });
    expect(response.status).toBe(403);
  });

  test("a fault of an unknown kind is refused", async () => {
    await start();
    expect((await fault({ kind: "earthquake" })).status).toBe(422);
  });
});

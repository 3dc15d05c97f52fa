import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { ConnectorError } from "../../connectors/contract.ts";
import { numeralOf, request, retryAfterSeconds, type VendorRequest } from "../../connectors/http.ts";
import { ANSWER_LIMIT_BYTES } from "../../connectors/transport.ts";

const TOKEN = "token-that-no-one-may-see";
const JSON_TYPE = { "content-type": "application/json" };
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A vendor on a real socket: what nock cannot show is how a connection ends. */
async function vendor(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

function call(origin: string, change: Partial<VendorRequest> = {}): Promise<unknown> {
  return request({
    method: "GET",
    origin,
    path: "/records",
    accessToken: TOKEN,
    readWords: () => undefined,
    ...change,
  });
}

async function kindOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof ConnectorError)) throw new Error("expected a ConnectorError");
  expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain(TOKEN);
  return error.kind;
}

describe("a request over a real connection", () => {
  it("sends the token, the query and JSON, and keeps the digits of numbers both ways", async () => {
    let seen = "";
    const origin = await vendor(async (message, answer) => {
      for await (const chunk of message) seen += String(chunk);
      seen += ` ${message.method} ${message.url} ${message.headers.authorization}`;
      answer.writeHead(200, JSON_TYPE).end('{"amount":90071992547409.93,"other":1.10}');
    });
    const body = { amount: numeralOf("1250.10") };
    const answer = await call(origin, { method: "POST", query: { a: "1", b: undefined }, body });
    expect(seen).toBe(`{"amount":1250.10} POST /records?a=1 Bearer ${TOKEN}`);
    expect(answer).toEqual({ amount: { numeral: "90071992547409.93" }, other: { numeral: "1.10" } });
  });

  it("does not follow a redirect, so the token goes nowhere else", async () => {
    const asked: string[] = [];
    const origin = await vendor((message, answer) => {
      asked.push(message.url ?? "");
      answer.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(await kindOf(call(origin))).toBe("unreadable");
    expect(await kindOf(call(origin, { method: "POST" }))).toBe("unclear");
    expect(asked).toEqual(["/records", "/records"]);
  });

  it("stops reading an answer that is too large, also one of unknown length", async () => {
    const chunk = Buffer.alloc(256 * 1024, " ");
    const origin = await vendor((_message, answer) => {
      answer.writeHead(200, JSON_TYPE);
      const more = () => {
        while (!answer.destroyed && answer.write(chunk));
      };
      answer.on("drain", more);
      more();
    });
    expect(await kindOf(call(origin))).toBe("unreadable");
    expect(await kindOf(call(origin, { method: "POST" }))).toBe("unclear");
  });

  it("takes an answer that is exactly as large as the limit", async () => {
    const text = `"${"x".repeat(ANSWER_LIMIT_BYTES - 2)}"`;
    const origin = await vendor((_message, answer) => void answer.writeHead(200, JSON_TYPE).end(text));
    expect(await call(origin)).toHaveLength(ANSWER_LIMIT_BYTES - 2);
  });

  it("does not take half an answer for an answer", async () => {
    const origin = await vendor((_message, answer) => {
      answer.writeHead(200, { ...JSON_TYPE, "content-length": "100" });
      answer.write("[1,2]", () => answer.destroy());
    });
    expect(await kindOf(call(origin))).toBe("outage");
    expect(await kindOf(call(origin, { method: "POST" }))).toBe("unclear");
  });

  it("calls a write unclear when the connection is cut after the vendor has the request", async () => {
    const origin = await vendor((message) => message.resume().on("end", () => message.socket.destroy()));
    expect(await kindOf(call(origin))).toBe("outage");
    expect(await kindOf(call(origin, { method: "POST", body: {} }))).toBe("unclear");
  });

  it("calls a write an outage when nothing listens, since nothing was sent", async () => {
    const origin = await vendor(() => undefined);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    expect(await kindOf(call(origin, { method: "POST" }))).toBe("outage");
  });

  it("calls a write unclear when the caller gives up while it waits", async () => {
    const giveUp = new AbortController();
    const origin = await vendor(() => giveUp.abort());
    expect(await kindOf(call(origin, { method: "POST", signal: giveUp.signal }))).toBe("unclear");
  });

  it("gives undefined for an empty answer, and refuses what is not JSON", async () => {
    const origin = await vendor((message, answer) => {
      if (message.url === "/empty") answer.writeHead(204).end();
      else answer.writeHead(200, { "content-type": "text/plain" }).end("{}");
    });
    expect(await call(origin, { path: "/empty", method: "DELETE" })).toBeUndefined();
    expect(await kindOf(call(origin))).toBe("unreadable");
  });

  it("does not show a token that cannot be sent", async () => {
    const origin = await vendor((_message, answer) => void answer.writeHead(204).end());
    expect(await kindOf(call(origin, { accessToken: `${TOKEN}\nx: y` }))).toBe("auth");
  });

  it("lets the vendor's words say what its status means", async () => {
    const origin = await vendor((_message, answer) => void answer.writeHead(403, JSON_TYPE).end("{}"));
    const readWords: VendorRequest["readWords"] = () => ({
      code: "closed",
      message: "Closed",
      kind: "rejected",
    });
    expect(await kindOf(call(origin))).toBe("auth");
    expect(await kindOf(call(origin, { readWords }))).toBe("rejected");
  });
});

describe("an address", () => {
  it.each(["http://vendor.test", "http://10.0.0.8", "http://127.0.0.1.vendor.test", "ftp://localhost"])(
    "without TLS is refused: %s",
    async (origin) => {
      expect(await kindOf(call(origin))).toBe("rejected");
    },
  );

  it("with a password in it is refused", async () => {
    expect(await kindOf(call("https://user:pass@vendor.test"))).toBe("rejected");
  });
});

describe("Retry-After", () => {
  const now = new Date("2026-11-20T10:00:00Z");

  it.each([
    { header: "5", seconds: 5 },
    { header: " 0 ", seconds: 1 },
    { header: "86400", seconds: 3600 },
    { header: "Fri, 20 Nov 2026 10:02:00 GMT", seconds: 120 },
    { header: "Fri, 20 Nov 2026 09:00:00 GMT", seconds: 1 },
    { header: "Sat, 21 Nov 2026 10:00:00 GMT", seconds: 3600 },
    { header: "soon", seconds: 60 },
    { header: null, seconds: 60 },
  ])("of $header means $seconds seconds", ({ header, seconds }) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });
});

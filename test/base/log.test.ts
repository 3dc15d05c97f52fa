import { describe, expect, it } from "vitest";
import { newId } from "../../src/base/id.ts";
import { openLog } from "../../src/base/log.ts";
import { openVault } from "../../src/vault/seal.ts";

const KEY = Buffer.alloc(32, 5).toString("base64");
const token = openVault(`k1:${KEY}`, KEY).makeToken("link", newId(), 1);

function keep(): { lines: string[]; log: ReturnType<typeof openLog> } {
  const lines: string[] = [];
  return { lines, log: openLog("info", (line) => lines.push(line)) };
}

describe("the log", () => {
  it("writes one line of JSON for each message, whatever it holds", () => {
    const { lines, log } = keep();
    log.info('a "nasty"\nmessage', { count: 3, isOn: true, missing: undefined });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: "info",
      message: 'a "nasty"\nmessage',
      count: 3,
      isOn: true,
    });
  });

  it("leaves out what is below its level", () => {
    const { lines, log } = keep();
    log.debug("not this");
    log.warn("this");
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(["this"]);
  });

  it.each([
    ["in an address", `GET https://pay.firm.example/p/${token}?lang=es failed`],
    ["at the start of a line", `could not open\n${token}`],
    ["after a tab", `token\t${token}`],
    ["alone", token],
    ["as a bearer", `Authorization: Bearer ${token}`],
    ["in quotes", `{"token":"${token}"}`],
  ])("blots out a token %s, in the message, the facts and the stack", (_where, text) => {
    const { lines, log } = keep();
    log.error(text, { fact: text }, new Error(text));
    expect(lines.join()).not.toContain(token);
    expect(lines.join().match(/\[token\]/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ["Bearer abc.def-ghi~jkl/mno+pqr=="],
    ["bearer abc.def-ghi~jkl/mno+pqr=="],
    ["Basic abc.def-ghi~jkl/mno+pqr=="],
  ])("blots out %j", (text) => {
    const { lines, log } = keep();
    log.warn(`sent ${text}`, { header: text });
    expect(lines.join()).not.toContain("def-ghi");
  });

  it("writes the stack of what was thrown, but not its own properties", () => {
    const { lines, log } = keep();
    log.error("failed", {}, Object.assign(new Error("the reason"), { body: "the payer's words" }));
    log.error("failed", {}, "a bare text");
    expect(lines[0]).toContain("the reason");
    expect(lines[0]).toContain("log.test.ts");
    expect(lines[0]).not.toContain("the payer's words");
    expect(lines[1]).toContain("a bare text");
  });

  it("leaves ids readable", () => {
    const { lines, log } = keep();
    const id = newId();
    log.info("done", { requestId: id });
    expect(lines[0]).toContain(id);
  });
});

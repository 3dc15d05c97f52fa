import { describe, expect, it } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { record as write } from "../../src/audit/record.ts";
import { listRecord } from "../../src/audit/record-queries.ts";
import { actionWords, changeLine, changesOf } from "../../src/audit/words.ts";
import { newId } from "../../src/base/id.ts";
import type { FirmContext } from "../../src/context.ts";
import { openBrowser } from "../postings/browser.ts";
import { useSettingsStage } from "../settings/stage.ts";
import { cookieFor } from "../support/requests.ts";
import { systemContext } from "../support/world.ts";

const { stage, read, record } = useSettingsStage();
const PATH = "/settings/record";

const note = (cx: FirmContext, entry: Partial<Parameters<typeof write>[2]> = {}) =>
  read((tx) => write(tx, cx, { action: "link.issued", objectKind: "link", objectId: newId(), ...entry }));
async function sheet(path: string, member = stage.admin) {
  return await makeApp(stage.cx).request(path, { headers: { Cookie: await cookieFor(member) } });
}

describe("words of the record", () => {
  it("name what happened, known or not", () => {
    expect(actionWords("settings.security_changed")).toBe("Security changed");
    expect(actionWords("posting.markedPosted")).toBe("Marked as posted by hand");
    expect(actionWords("link.somethingNew")).toBe("Link something new");
    expect(actionWords("odd")).toBe("Odd");
  });

  it("say what was and what is, amounts with their currency", () => {
    const lines = changesOf({
      before: { least: "50.00", successor: "by_hand", allowed: false },
      after: {
        least: "100.00",
        successor: "by_itself",
        allowed: true,
        amountMinor: "125000",
        currency: "USD",
        list: ["a", 1],
        x: null,
      },
    }).map(changeLine);
    expect(lines).toEqual([
      "Least amount: 50.00 → 100.00",
      "The rest is asked for: by a member → by itself",
      "Another amount allowed: no → yes",
      "Amount: $1,250.00",
      "List: a, 1",
      "X: nothing",
    ]);
    expect(changesOf({ before: null, after: null })).toEqual([]);
    expect(changesOf({ before: null, after: "plain" }).map(changeLine)).toEqual(["Value: plain"]);
  });
});

describe("the record", () => {
  it("shows the newest first, with who, when and what changed", async () => {
    await note(stage.staff, { action: "link.cancelled" });
    await note(stage.admin, {
      action: "member.role_changed",
      objectKind: "member",
      before: { role: "staff" },
      after: { role: "bookkeeper" },
    });
    const page = await stage.browser.get(PATH);
    expect(page.status).toBe(200);
    const rows = page.document.querySelectorAll("tbody tr").map((row) => row.text.replace(/\s+/g, " "));
    expect(rows[0]).toContain("Role of a member changed");
    expect(rows[0]).toContain("Ana Keane");
    expect(rows[0]).toMatch(/Role: staff.*became.*bookkeeper/);
    expect(rows[1]).toContain("Link cancelled");
    expect(rows[1]).toContain("Dana Whitfield");
  });

  it("is filtered by who, what, one object and days of the firm's zone", async () => {
    const objectId = newId();
    await note(systemContext(stage.cx, stage.firm.firmId), { objectKind: "payment", objectId });
    const filter = {
      who: undefined,
      objectKind: undefined,
      objectId: undefined,
      from: undefined,
      until: undefined,
    };
    const list = async (change: Partial<Parameters<typeof listRecord>[2]>) =>
      (await read((tx) => listRecord(tx, stage.firm.firmId, { ...filter, ...change }, {}, 500))).rows;
    const all = await list({});
    expect(
      (await list({ who: { memberId: stage.staff.actor.id } })).every(
        (row) => row.actor_name === "Dana Whitfield",
      ),
    ).toBe(true);
    expect(await list({ who: { kind: "system" } })).toHaveLength(1);
    expect((await list({ objectKind: "member" })).map((row) => row.action)).toEqual(["member.role_changed"]);
    expect(await list({ objectId })).toHaveLength(1);
    const [newest] = all;
    expect(await list({ until: newest?.at })).toHaveLength(all.length - 1);
    expect(await list({ from: newest?.at })).toHaveLength(1);
    const page = await stage.browser.get(`${PATH}?who=system&kind=payment&object=${objectId}`);
    expect(page.document.querySelectorAll("tbody tr")).toHaveLength(1);
    expect(page.document.querySelector("select[name=who] option[selected]")?.getAttribute("value")).toBe(
      "system",
    );
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    expect((await stage.browser.get(`${PATH}?from=${tomorrow}`)).text).toContain("Nothing on record matches");
  });

  it("tells what of a filter cannot be read", async () => {
    const wrong = await stage.browser.get(
      `${PATH}?from=2026-02-30&until=soon&who=%27&kind=x&object=y&after=z&before=`,
    );
    expect(wrong.status).toBe(422);
    expect(wrong.document.querySelector("#from-error")?.text).toContain("Enter a day like 2026-11-30");
    expect(wrong.document.querySelector("#until-error")).not.toBeNull();
    const turned = await stage.browser.get(`${PATH}?from=2026-03-02&until=2026-03-01`);
    expect(turned.document.querySelector("#until-error")?.text).toContain("before the first one");
  });

  it("is paged without losing or repeating a line, forwards and back", async () => {
    await read(async (tx) => {
      for (let count = 0; count < 120; count++)
        await write(tx, stage.admin, { action: "link.issued", objectKind: "batch", objectId: String(count) });
    });
    const idsOf = (page: Awaited<ReturnType<typeof stage.browser.get>>) =>
      page.document.querySelectorAll("tbody a.button").map((link) => link.text.replace(/\D+/g, ""));
    const seen: string[] = [];
    let path: string | undefined = `${PATH}?kind=batch`;
    let last = "";
    while (path !== undefined) {
      const page = await stage.browser.get(path);
      seen.push(...idsOf(page));
      last = path;
      path = page.document.querySelector("a[rel=next]")?.getAttribute("href")?.replaceAll("&amp;", "&");
    }
    const wanted = (await record())
      .filter((row) => row.object_kind === "batch")
      .map((row) => row.id.toString());
    expect(seen).toEqual(wanted.toReversed());
    const back = (await stage.browser.get(last)).document.querySelector("a[rel=prev]")?.getAttribute("href");
    expect(idsOf(await stage.browser.get(back?.replaceAll("&amp;", "&") ?? ""))).toEqual(
      wanted.toReversed().slice(50, 100),
    );
  });

  it("is exported whole as CSV and Excel, and that is on record", async () => {
    await note(stage.admin, { objectKind: "view", after: { name: "=1+1" } });
    const answer = await sheet(`${PATH}.csv?kind=view`);
    expect(answer.headers.get("content-disposition")).toMatch(
      /attachment; filename="firm-\w+-record-.*\.csv"/,
    );
    const csv = await answer.text();
    expect(csv.split("\r\n")).toHaveLength(3);
    expect(csv).toContain('"Name: =1+1"');
    const whole = await (await sheet(`${PATH}.csv?kind=batch`)).text();
    expect(whole.trimEnd().split("\r\n")).toHaveLength(121);
    const excel = await sheet(`${PATH}.xlsx`);
    expect(new Uint8Array(await excel.arrayBuffer()).slice(0, 2)).toEqual(Uint8Array.from([0x50, 0x4b]));
    expect((await record()).at(-1)).toMatchObject({ action: "record.exported", actor_name: "Ana Keane" });
  });

  it("is for administrators, and each firm's own", async () => {
    for (const member of [stage.staff, stage.bookkeeper]) {
      expect((await (await openBrowser(stage.cx, member)).get(PATH)).status).toBe(403);
      expect((await sheet(`${PATH}.csv`, member)).status).toBe(403);
    }
    const foreign = await openBrowser(stage.cx, stage.stranger);
    expect((await foreign.get(PATH)).text).not.toContain("Dana Whitfield");
    const [line] = await record();
    expect((await foreign.get(`${PATH}?object=${line?.object_id}&after=${line?.id}`)).text).toContain(
      "Nothing on record matches",
    );
    expect(await (await sheet(`${PATH}.csv`, stage.stranger)).text()).not.toContain("Dana Whitfield");
  });
});

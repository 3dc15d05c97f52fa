import { beforeAll, describe, expect, it } from "vitest";
import type { MemberContext } from "../../src/context.ts";
import {
  arrange,
  COLUMN_KEYS,
  cleanColumns,
  DEFAULT_COLUMNS,
  moveColumn,
} from "../../src/links/columns-catalog.ts";
import { makeMember } from "../support/world.ts";
import { plantLink } from "./sent-stage.ts";
import { useLinkStage } from "./stage.ts";

const { stage, get, post } = useLinkStage();

/** The titles of the columns on screen, in their order. */
async function titlesOf(path: string, member: MemberContext): Promise<string[]> {
  const html = await (await get(path, member)).text();
  const head = html.slice(html.indexOf("<thead"), html.indexOf("</thead>"));
  return [...head.matchAll(/<a href="[^"]*">([^<]+)/g)].map((match) => match[1] ?? "");
}

describe("the list of columns", () => {
  it("keeps the client's column, each column once, and nothing unknown", () => {
    expect(cleanColumns(["amount", "amount", "nonsense", "due"])).toEqual(["client", "amount", "due"]);
    expect(cleanColumns([])).toEqual(["client"]);
    expect(cleanColumns(["toString"])).toEqual(["client"]);
    expect(cleanColumns(["due", "client"])).toEqual(["due", "client"]);
  });

  it("moves a column one place, and leaves the list alone at its ends", () => {
    expect(moveColumn(["client", "for", "due"], "due", "up")).toEqual(["client", "due", "for"]);
    expect(moveColumn(["client", "for", "due"], "client", "down")).toEqual(["for", "client", "due"]);
    expect(moveColumn(["client", "for"], "for", "down")).toEqual(["client", "for"]);
    expect(moveColumn(["client", "for"], "client", "up")).toEqual(["client", "for"]);
    expect(moveColumn(["client"], "due", "up")).toEqual(["client"]);
  });

  it("offers every column, the shown ones first", () => {
    expect(arrange(["due", "client"]).slice(0, 2)).toEqual(["due", "client"]);
    expect(new Set(arrange(["due", "client"]))).toEqual(new Set(COLUMN_KEYS));
  });
});

describe("the columns of a member", () => {
  beforeAll(() => plantLink(stage.staff, stage.firm));
  const usual = ["Client and matter", "For", "Account", "Amount", "Status", "Engagement", "Sent", "Due"];

  it("are the product's own until the member chooses, and again after a reset", async () => {
    expect(await titlesOf("/sent", stage.staff)).toEqual(usual);
    const answer = await post(
      "/sent/columns",
      { order: ["due", "client", "for"], column: ["due"] },
      stage.staff,
    );
    expect(answer.headers.get("location")).toBe("/sent");
    expect(await titlesOf("/sent", stage.staff)).toEqual(["Due", "Client and matter"]);
    await post("/sent/columns", { do: "reset" }, stage.staff);
    expect(await titlesOf("/sent", stage.staff)).toEqual(usual);
  });

  it("move by an arrow without a script: saved at once, the menu open again", async () => {
    const fields = { order: [...DEFAULT_COLUMNS], column: [...DEFAULT_COLUMNS] };
    const answer = await post(
      "/sent/columns",
      { ...fields, do: "up.due", "place.tab": "outstanding", "place.q": "okafor" },
      stage.staff,
    );
    expect(answer.headers.get("location")).toBe("/sent?tab=outstanding&q=okafor&columns=open#columns");
    expect((await titlesOf("/sent", stage.staff)).slice(-2)).toEqual(["Due", "Sent"]);
    expect(await (await get("/sent?columns=open", stage.staff)).text()).toMatch(
      /<details[^>]*id="columns"[^>]* open/,
    );
  });

  it("belong to that member alone", async () => {
    const other = await makeMember(stage.cx, stage.firm.firmId, "bookkeeper");
    expect(await titlesOf("/sent", other)).toEqual(usual);
  });

  it("show each column there is", async () => {
    await post("/sent/columns", { order: COLUMN_KEYS, column: COLUMN_KEYS }, stage.staff);
    expect(await titlesOf("/sent", stage.staff)).toHaveLength(COLUMN_KEYS.length);
  });
});

describe("saved views", () => {
  const FORM = "6f9b8a4e-0000-4000-8000-00000000000";
  const names = async (member: MemberContext) =>
    [
      ...(await (await get("/sent", member)).text()).matchAll(
        /href="\/sent\?[^"]*view=[^"]*" data-kind="quiet" data-size="s">([^<]+)<\/a>/g,
      ),
    ].map((match) => match[1]);
  const save = (id: number, fields: Record<string, string>, member = stage.staff) =>
    post("/sent/views", { formId: `${FORM}${id}`, ...fields }, member);

  it("keep filters, order and columns under a name", async () => {
    await post("/sent/columns", { order: ["client", "due"], column: ["due"] }, stage.staff);
    const answer = await save(1, {
      name: "Open, due first",
      "place.tab": "outstanding",
      "place.sort": "due",
    });
    const address = `/sent?tab=outstanding&sort=due&view=${FORM}1`;
    expect(answer.headers.get("location")).toBe(address);
    await post("/sent/columns", { do: "reset" }, stage.staff);
    expect(await titlesOf(address, stage.staff)).toEqual(["Client and matter", "Due"]);
    expect(await titlesOf("/sent", stage.staff)).toHaveLength(8);
    expect(await names(stage.staff)).toEqual(["Open, due first"]);
  });

  it("are saved once by a form that comes twice", async () => {
    await save(1, { name: "Open, due first" });
    expect(await names(stage.staff)).toEqual(["Open, due first"]);
  });

  it("take the columns that are saved while they are on screen, and leave the member's own", async () => {
    await post(
      "/sent/columns",
      { order: ["client", "amount"], column: ["amount"], "place.view": `${FORM}1` },
      stage.staff,
    );
    expect(await titlesOf(`/sent?view=${FORM}1`, stage.staff)).toEqual(["Client and matter", "Amount"]);
    expect(await titlesOf("/sent", stage.staff)).toHaveLength(8);
  });

  it("say what is wrong with a name and keep it", async () => {
    const wrong: [string, string][] = [
      ["", "Enter a name for this view"],
      ["x".repeat(61), "Enter a name of at most 60 characters"],
      ["Open, due first", "You have a view of this name already. Choose another name"],
    ];
    for (const [name, sentence] of wrong) {
      const answer = await save(2, { name, "place.tab": "expired" });
      const html = await answer.text();
      expect(answer.status).toBe(422);
      expect(html).toContain(sentence);
      expect(html).toContain(`value="${name}"`);
      expect(html).toContain('name="place.tab" value="expired"');
      const renamed = await post(
        `/sent/views/${FORM}1`,
        { name: name === "Open, due first" ? "" : name },
        stage.staff,
      );
      expect(renamed.status).toBe(422);
    }
  });

  it("are found by others once shared, who cannot change them", async () => {
    const other = await makeMember(stage.cx, stage.firm.firmId, "admin");
    expect(await names(other)).toEqual([]);
    await post(`/sent/views/${FORM}1`, { name: "Shared", shared: "on" }, stage.staff);
    expect(await names(other)).toEqual(["Shared"]);
    expect(await titlesOf(`/sent?view=${FORM}1`, other)).toEqual(["Client and matter", "Amount"]);
    for (const path of ["", "/replace", "/delete"]) {
      const answer = await post(`/sent/views/${FORM}1${path}`, { name: "Mine now" }, other);
      expect(answer.status).toBe(404);
    }
    await post("/sent/columns", { order: ["client"], "place.view": `${FORM}1` }, other);
    expect(await titlesOf(`/sent?view=${FORM}1`, stage.staff)).toEqual(["Client and matter", "Amount"]);
    expect(await names(stage.stranger)).toEqual([]);
    expect((await post(`/sent/views/${FORM}1/delete`, {}, stage.stranger)).status).toBe(404);
  });

  it("take other filters when their owner says so, and go when deleted", async () => {
    await post(`/sent/views/${FORM}1/replace`, { "place.tab": "cancelled" }, stage.staff);
    const html = await (await get("/sent", stage.staff)).text();
    expect(html).toContain(`href="/sent?tab=cancelled&amp;view=${FORM}1"`);
    await post(`/sent/views/${FORM}1/delete`, { name: "Shared" }, stage.staff);
    expect(await names(stage.staff)).toEqual([]);
    // The address that somebody kept still shows the list.
    expect((await get(`/sent?view=${FORM}1`, stage.staff)).status).toBe(200);
  });
});

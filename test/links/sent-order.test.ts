import { beforeAll, describe, expect, it } from "vitest";
import { withFirm } from "../../src/db/tenant.ts";
import { placeHref, readQuery } from "../../src/links/list-address.ts";
import { SORT_KEYS } from "../../src/links/list-sort.ts";
import { listSent } from "../../src/links/sent-queries.ts";
import { listScope } from "../../src/links/sent-scope.ts";
import { makeFirm, makeMember } from "../support/world.ts";
import { plantMany } from "./sent-stage.ts";
import { useLinkStage } from "./stage.ts";

const ZONE = "America/Chicago";
const { box, stage, get } = useLinkStage();

describe("every order", () => {
  const walker = {} as { firm: Awaited<ReturnType<typeof makeFirm>>; member: typeof stage.staff };
  beforeAll(async () => {
    walker.firm = await makeFirm(stage.cx);
    walker.member = await makeMember(stage.cx, walker.firm.firmId, "staff");
    await plantMany(box, walker.member, walker.firm, 130);
  });

  const pageOf = (query: string, after?: string, before?: string) => {
    const here = listScope(stage.cx, walker.firm.firmId, ZONE);
    const { place } = readQuery(query);
    return withFirm(stage.cx.database, walker.firm.firmId, (tx) =>
      listSent(tx, here, { ...place, after, before }, 25),
    );
  };

  it.each(SORT_KEYS.flatMap((key) => [key, `-${key}`]))(
    "pages through all links by %s, forward and back, each once",
    async (sort) => {
      const seen: string[] = [];
      const pages: string[][] = [];
      for (let after: string | undefined; ; ) {
        const page = await pageOf(`sort=${sort}`, after);
        const ids = page.rows.map((row) => row.id);
        pages.push(ids);
        seen.push(...ids);
        after = ids.at(-1);
        expect(page.hasEarlier).toBe(pages.length > 1);
        if (!page.hasLater) break;
      }
      expect(seen).toHaveLength(130);
      expect(new Set(seen).size).toBe(130);
      for (let index = pages.length - 1; index > 0; index--) {
        const back = await pageOf(`sort=${sort}`, undefined, pages[index]?.[0]);
        expect(back.rows.map((row) => row.id)).toEqual(pages[index - 1]);
        expect(back.hasEarlier).toBe(index > 1);
      }
    },
  );

  it("puts empty due dates last in either direction", async () => {
    for (const sort of ["due", "-due"]) {
      const { place } = readQuery(`sort=${sort}`);
      const here = listScope(stage.cx, walker.firm.firmId, ZONE);
      const { rows } = await withFirm(stage.cx.database, walker.firm.firmId, (tx) =>
        listSent(tx, here, place, 200),
      );
      const days = rows.map((row) => row.dueOn);
      const dated = days.filter((day): day is string => day !== null);
      expect(days.slice(0, dated.length)).toEqual(dated);
      expect(dated).toEqual(
        [...dated].sort((one, two) => (sort === "due" ? 1 : -1) * one.localeCompare(two)),
      );
    }
  });

  it("marks the sorted column for everybody and keeps the filters in the heading's link", async () => {
    const html = await (await get("/sent?tab=outstanding&sort=amount", walker.member)).text();
    expect(html).toContain('aria-sort="ascending"');
    expect(html.match(/aria-sort/g)).toHaveLength(1);
    expect(html).toContain('href="/sent?tab=outstanding&amp;sort=-amount"');
    expect(placeHref(readQuery("sort=nonsense").place)).toBe("/sent");
  });

  it("goes to the first page when a page is no longer there", async () => {
    const answer = await get("/sent?tab=cancelled&after=00000000-0000-4000-8000-000000000000", walker.member);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/sent?tab=cancelled");
  });
});

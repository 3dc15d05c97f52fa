import { type HTMLElement, parse } from "node-html-parser";
import { describe, expect, it } from "vitest";
import { plantLink } from "./sent-stage.ts";
import { useLinkStage } from "./stage.ts";

const { stage, app, cookieOf } = useLinkStage();

/** What the filters get when one of their fields changes. */
async function ask(query: string, source?: string) {
  const headers = { Cookie: await cookieOf(stage.staff), ...(source ? { "HX-Source": source } : {}) };
  const answer = await app().request(`/sent?${query}`, { headers });
  return { answer, page: parse(await answer.text()) };
}
const isOpen = (page: HTMLElement) => page.querySelector("#filters")?.hasAttribute("open");

describe("filters that ask by themselves", () => {
  it("stay open, and the address holds only what asks for something", async () => {
    await plantLink(stage.staff, stage.firm, { amountMinor: 20_000n });
    const { answer, page } = await ask(
      "tab=outstanding&sent_from=&least=100&most=&sort=-sent",
      "form#filters-form",
    );
    expect(isOpen(page)).toBe(true);
    expect(answer.headers.get("HX-Replace-Url")).toBe("/sent?tab=outstanding&least=100.00");
    expect(page.querySelectorAll("tbody tr")).toHaveLength(1);
  });

  it("are closed on a page that somebody opens, and have their button for those without a script", async () => {
    const { answer, page } = await ask("least=100");
    expect(isOpen(page)).toBe(false);
    expect(answer.headers.get("HX-Replace-Url")).toBeNull();
    const form = page.querySelector("#filters-form");
    expect(form?.getAttribute("action")).toBe("/sent");
    expect(form?.querySelector("button:not([type=button])")?.text.trim()).toBe("Show links");
  });

  it("get what is wrong beside its field", async () => {
    const { answer, page } = await ask("least=many", "form#filters-form");
    expect(answer.status).toBe(422);
    expect(isOpen(page)).toBe(true);
    expect(page.querySelector("#filter-fields .field[data-invalid] .error")?.text).toContain("mount");
    expect(page.querySelector("#filters-form")?.getAttribute("hx-status:422")).toContain("#filter-fields");
  });
});

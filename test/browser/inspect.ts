import { AxeBuilder } from "@axe-core/playwright";
import type { Frame, Page as Tab } from "playwright-core";
import { DESKTOP, PHONE } from "../support/browser.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const NARROWEST = { width: 320, height: 640 } as const;
const STOPS_LIMIT = 200;

/** What is wrong with the page on screen, in words: rules of accessibility, sideways scroll, stops of the Tab key without a mark. */
export async function inspect(name: string, tab: Tab): Promise<string[]> {
  const faults: string[] = [];
  for (const size of [DESKTOP, PHONE, NARROWEST]) {
    await tab.setViewportSize(size);
    const where = `${name} at ${size.width}`;
    if (size !== NARROWEST) faults.push(...(await breaches(tab)).map((fault) => `${where}: ${fault}`));
    for (const frame of tab.frames()) {
      if (await scrollsSideways(frame)) faults.push(`${where}: scrolls sideways`);
    }
  }
  await tab.setViewportSize(DESKTOP);
  faults.push(...(await unmarkedStops(tab)).map((stop) => `${name}: no visible focus on ${stop}`));
  return faults;
}

/** What axe finds, frames included. */
async function breaches(tab: Tab): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: tab }).withTags(RULES).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} on ${node.target.flat().join(" ")}: ${node.failureSummary ?? ""}`),
  );
}

function scrollsSideways(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth;
  });
}

/** Walks through the page with the Tab key. Every stop must lie on the page, inside the window, and be outlined. */
async function unmarkedStops(tab: Tab): Promise<string[]> {
  await tab.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.scrollTo(0, 0);
  });
  const unmarked: string[] = [];
  const seen = new Set<string>();
  for (let stop = 0; stop < STOPS_LIMIT; stop++) {
    await tab.keyboard.press("Tab");
    const found = await tab.evaluate(describeStop);
    if (found === undefined || seen.has(found.path)) break;
    seen.add(found.path);
    if (!found.isMarked) unmarked.push(found.path);
  }
  return unmarked;
}

/** Runs in the page. Radio buttons and boxes drawn as cards show the mark on their card. */
function describeStop(): { path: string; isMarked: boolean } | undefined {
  const element = document.activeElement;
  // Inside a frame the frame's own page has the focus; that page is looked at on its own.
  if (!element || element === document.body || element.tagName === "IFRAME") return undefined;
  const parts: string[] = [];
  for (let each: Element | null = element; each?.parentElement; each = each.parentElement)
    parts.unshift(
      `${each.tagName.toLowerCase()}:nth-child(${[...each.parentElement.children].indexOf(each) + 1})`,
    );
  const marked = [
    element,
    element.closest("label"),
    element.closest(".money-input"),
    element.closest(".search"),
  ];
  const isOutlined = marked.some((each) => {
    if (!each) return false;
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
  });
  const box = element.getBoundingClientRect();
  const isInside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {
    path: `${parts.join(">")} (${element.textContent.trim().slice(0, 30)})`,
    isMarked: isOutlined && isInside,
  };
}

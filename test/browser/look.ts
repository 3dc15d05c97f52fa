import type { Page as Tab } from "playwright-core";
import { expect } from "vitest";
import { DESKTOP, type Person, PHONE } from "../support/browser.ts";
import { inspect } from "./inspect.ts";

/** A folder for pictures of every screen that is looked at, at both widths; none are taken without it. */
const PICTURES = process.env.PICTURES;

/** Looks at what is on a person's screen, once these words are in its main part: no fault at any width, nothing refused or thrown. */
export async function look(person: Person, name: string, words: string | RegExp): Promise<void> {
  const { tab } = person;
  await tab.locator("main").getByText(words).filter({ visible: true }).first().waitFor();
  await expectFaultless(name, tab);
  expect(person.troubles.splice(0)).toEqual([]);
}

/** The faults of what is on screen, at any width, once these words are. */
export async function faultsOf(name: string, tab: Tab, words: string | RegExp): Promise<string[]> {
  await tab.getByText(words).filter({ visible: true }).first().waitFor();
  return await faultsNow(name, tab);
}

/** Expects that what is on screen has no fault at any width. */
export async function expectFaultless(name: string, tab: Tab): Promise<void> {
  expect(await faultsNow(name, tab)).toEqual([]);
}

async function faultsNow(name: string, tab: Tab): Promise<string[]> {
  await tab.waitForLoadState("load");
  const faults = await inspect(name, tab);
  await takePictures(name, tab);
  return faults;
}

async function takePictures(name: string, tab: Tab): Promise<void> {
  if (PICTURES === undefined) return;
  await tab.evaluate(() => window.scrollTo(0, 0));
  for (const size of [PHONE, DESKTOP]) {
    await tab.setViewportSize(size);
    const path = `${PICTURES}/${name.replace(/\W+/g, "-")}-${size.width}.png`;
    await tab.screenshot({ path, fullPage: true });
  }
}

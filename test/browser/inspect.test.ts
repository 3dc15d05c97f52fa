import { afterAll, beforeAll, expect, test } from "vitest";
import { type Browser, launchBrowser } from "../support/browser.ts";
import { inspect } from "./inspect.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

test("the inspection finds what is wrong with a page", async () => {
  const { tab } = await browser.newPerson();
  await tab.setContent(`<!doctype html><html lang="en"><title>Bad</title>
    <style>button { outline: none } p { width: 400px; height: 1px; background: red }</style>
    <main><h1>Bad</h1><p></p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><button>Press</button></main>`);
  const faults = (await inspect("bad", tab)).join("\n");
  expect(faults).toContain("bad at 1280: image-alt");
  expect(faults).toContain("bad at 320: scrolls sideways");
  expect(faults).toMatch(/bad: no visible focus on .*Press/);
  expect(faults).not.toContain("bad at 1280: scrolls sideways");
});

import type { Locator, Page as Tab } from "playwright-core";
import { expect, test } from "vitest";
import { MATTER_NUMBER } from "../support/main-job.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const STOPS_LIMIT = 150;
const stage = useStage();

/** Presses Tab until this has the focus. */
async function tabTo(tab: Tab, target: Locator): Promise<void> {
  for (let stop = 0; stop < STOPS_LIMIT; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await tab.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not reach ${target}`);
}

/** Reaches a button or link by the Tab key and presses it with Enter. */
async function enter(tab: Tab, target: Locator): Promise<void> {
  await tabTo(tab, target);
  await tab.keyboard.press("Enter");
}

test("staff sends a request with the keyboard alone", async () => {
  const { service, browser } = stage;
  const admin = await browser.newPerson();
  await steps.signIn(admin.tab, service, "admin");
  await steps.authorizeDocket(admin.tab, service);
  await steps.waitForMatter(admin.tab, service);
  const { tab } = await browser.newPerson();
  await tab.goto(service.links.staff);
  await enter(tab, tab.getByRole("button", { name: /^Sign in/ }));
  await tab.getByRole("heading", { name: "Today" }).waitFor();
  await enter(tab, tab.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "From matters" }));
  await tab.getByRole("heading", { name: "From matters" }).waitFor();

  await tabTo(tab, tab.getByRole("searchbox"));
  await tab.keyboard.type(MATTER_NUMBER);
  await tab.keyboard.press("Enter");
  await tab.getByText("in 1 matter of 1 client").waitFor();
  for (const number of ["20391", "20402"]) {
    await tabTo(tab, tab.getByRole("checkbox", { name: `Add ${number} to` }));
    await tab.keyboard.press("Space");
  }
  await enter(tab, tab.getByRole("button", { name: "Put what is ticked into the basket" }));
  await tab.getByRole("button", { name: "Continue with $3,400.00" }).waitFor();

  // Enter in a box of the basket works the sums out anew, and sends nothing on.
  await tabTo(tab, tab.getByLabel(/^Amount for 20391/));
  await tab.keyboard.press("ControlOrMeta+a");
  await tab.keyboard.type("150.50");
  await tab.keyboard.press("Enter");
  await enter(tab, tab.getByRole("button", { name: "Continue with $2,650.50" }));
  await enter(tab, tab.getByRole("button", { name: "Review" }));
  await enter(tab, tab.getByRole("button", { name: "Send request for $2,650.50" }));
  await tab.waitForURL(/\/links\//);

  await enter(
    tab,
    tab
      .getByRole("link", { name: "Cancel link" })
      .or(tab.getByRole("button", { name: "Cancel link" }))
      .first(),
  );
  const dialog = tab.getByRole("dialog", { name: "Cancel this link?" });
  await dialog.waitFor();
  expect(await dialog.locator(":focus").textContent()).toBe("Keep the link");
  await tab.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

test("the first stop of the Tab key skips to the content", async () => {
  const { tab } = await stage.browser.newPerson();
  await steps.signIn(tab, stage.service, "bookkeeper");
  await tab.keyboard.press("Tab");
  expect(await tab.locator(":focus").textContent()).toBe("Skip to main content");
  await tab.keyboard.press("Enter");
  expect(await tab.locator(":focus").getAttribute("id")).toBe("main");
});

test("on a phone the menu opens and closes by keyboard, and gives the focus back", async () => {
  const { tab } = await stage.browser.newPerson({ viewport: { width: 360, height: 740 } });
  await steps.signInByMail(tab, stage.service, "ben@marlowkeane.example");
  const menu = tab.getByRole("navigation", { name: "Main" });
  expect(await menu.isVisible()).toBe(false);
  await enter(tab, tab.getByRole("button", { name: "Menu" }));
  await menu.waitFor();
  await tab.keyboard.press("Escape");
  await menu.waitFor({ state: "hidden" });
  expect(await tab.locator(":focus").textContent()).toBe("Menu");
});

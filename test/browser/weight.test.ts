import { expect, test } from "vitest";
import { PHONE } from "../support/browser.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PAYER_LIMIT_BYTES = 30_000;
const stage = useStage();

test("the payer's page weighs at most 30 kB with everything it loads, and runs no script", async () => {
  const { service, browser } = stage;
  const admin = await browser.newPerson();
  await steps.signIn(admin.tab, service, "admin");
  await steps.authorizeDocket(admin.tab, service);
  await steps.waitForMatter(admin.tab, service);
  const link = await steps.makeLink(admin.tab, service, "20391");
  const payer = await browser.newPerson({ viewport: PHONE });
  const loaded: { kind: string; bytes: Promise<number> }[] = [];
  payer.context.on("requestfinished", (request) => {
    const bytes = request.sizes().then((sizes) => sizes.responseHeadersSize + sizes.responseBodySize);
    loaded.push({ kind: request.resourceType(), bytes });
  });
  await payer.tab.goto(link, { waitUntil: "networkidle" });
  const total = (await Promise.all(loaded.map(({ bytes }) => bytes))).reduce((sum, each) => sum + each, 0);
  expect(loaded.map(({ kind }) => kind)).toContain("stylesheet");
  expect(loaded.map(({ kind }) => kind)).not.toContain("script");
  expect(await payer.tab.locator("script").count()).toBe(0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(PAYER_LIMIT_BYTES);
  expect(payer.troubles).toEqual([]);
});

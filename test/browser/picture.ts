import path from "node:path";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "../support/browser.ts";
import { startService } from "../support/start-service.ts";
import * as steps from "./steps.ts";

// Makes docs/from-matters.png: search results and a filled basket, on a fresh embedded default.
const FILE = fileURLToPath(new URL("../../docs/from-matters.png", import.meta.url));
const SIZE = { width: 1280, height: 1330 } as const;

const [service, browser] = await Promise.all([startService(), launchBrowser()]);
try {
  const { tab } = await browser.newPerson({ viewport: SIZE });
  await steps.signIn(tab, service, "admin");
  await steps.authorizeDocket(tab, service);
  await steps.waitForMatter(tab, service);
  await tab.goto(`${service.origin}/matters?q=okafor`);
  await steps.tick(tab, ["20391", "20402", "20418", "TR-0612"]);
  await tab.getByLabel(/^Amount for 20418/).fill("600.00");
  await steps.press(tab, "Update the sums");
  await tab.getByRole("button", { name: "Continue with $9,000.00" }).waitFor();
  await tab.evaluate(() => window.scrollTo(0, 0));
  await tab.screenshot({ path: FILE });
  process.stdout.write(`${path.relative(process.cwd(), FILE)}\n`);
} finally {
  await browser.close();
  await service.destroy();
}

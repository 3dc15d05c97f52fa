import { afterAll, beforeAll } from "vitest";
import { type Browser, launchBrowser } from "../support/browser.ts";
import { type Service, startService } from "../support/start-service.ts";

export type Stage = { service: Service; browser: Browser };

/** A whole service and a browser for one file of tests. Returns a box that is filled when the tests run. */
export function useStage(): Stage {
  const box = {} as Stage;
  beforeAll(async () => {
    [box.service, box.browser] = await Promise.all([startService(), launchBrowser()]);
  });
  // The browser first: a server waits for the connections that a browser keeps.
  afterAll(async () => {
    await box.browser?.close();
    await box.service?.destroy();
  });
  return box;
}

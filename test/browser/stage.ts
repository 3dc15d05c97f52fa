import { afterAll, beforeAll } from "vitest";
import { type Browser, launchBrowser, type Person } from "../support/browser.ts";
import { type Service, startService } from "../support/start-service.ts";
import { signIn } from "./steps.ts";

type Stage = { service: Service; browser: Browser };

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

/** The same with a member of staff who is signed in, and a payer. */
export function useStaffAndPayer(): Stage & { staff: Person; payer: Person } {
  const box = useStage() as ReturnType<typeof useStaffAndPayer>;
  beforeAll(async () => {
    [box.staff, box.payer] = await Promise.all([box.browser.newPerson(), box.browser.newPerson()]);
    await signIn(box.staff.tab, box.service, "staff");
  });
  return box;
}

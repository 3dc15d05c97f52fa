import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { Cast } from "./chapters.ts";
import { faultsOf } from "./look.ts";
import { depositing } from "./payouts.ts";
import { useStage } from "./stage.ts";
import * as steps from "./steps.ts";

const PATH_LIMIT_MS = 300_000;
const stage = useStage();
let cast: Cast;
const faults: string[] = [];

beforeAll(async () => {
  const [admin, staff, payer] = await Promise.all([
    stage.browser.newPerson(),
    stage.browser.newPerson(),
    stage.browser.newPerson(),
  ]);
  cast = { service: stage.service, admin, staff, payer };
  await steps.signIn(admin.tab, stage.service, "admin");
  await steps.signIn(staff.tab, stage.service, "staff");
  await steps.authorizeDocket(admin.tab, stage.service);
  await steps.waitForMatter(staff.tab, stage.service);
});

async function see(name: string, tab: Tab, words: string | RegExp): Promise<void> {
  faults.push(...(await faultsOf(name, tab, words)));
}

test(
  "a bookkeeper follows deposits, explains and closes what differs, and finds every screen accessible",
  async () => {
    await depositing(cast, see);
    for (const person of [cast.admin, cast.staff, cast.payer]) faults.push(...person.troubles);
    expect(faults).toEqual([]);
  },
  PATH_LIMIT_MS,
);

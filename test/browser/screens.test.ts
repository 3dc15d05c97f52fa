import type { Page as Tab } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import * as aftermath from "./aftermath.ts";
import * as chapters from "./chapters.ts";
import { faultsOf } from "./look.ts";
import { useStage } from "./stage.ts";

const CHAPTER_LIMIT_MS = 120_000;
const stage = useStage();
let cast: chapters.Cast;
let linkPage: string;
let faults: string[] = [];

beforeAll(async () => {
  const [admin, staff, payer] = await Promise.all([newPerson(), newPerson(), newPerson()]);
  cast = { service: stage.service, admin, staff, payer };
});

const newPerson = () => stage.browser.newPerson();

async function see(name: string, tab: Tab, words: string | RegExp): Promise<void> {
  faults.push(...(await faultsOf(name, tab, words)));
}

/** Plays a chapter of the firm's life and expects every screen on its way to be without fault. The chapters follow each other. */
function screensOf(name: string, play: () => Promise<void>): void {
  test(
    `the screens of ${name} are accessible, never scroll sideways and break no policy`,
    async () => {
      faults = [];
      await play();
      for (const person of [cast.admin, cast.staff, cast.payer]) faults.push(...person.troubles.splice(0));
      expect(faults).toEqual([]);
    },
    CHAPTER_LIMIT_MS,
  );
}

screensOf("an empty firm", () => chapters.arriving(cast, see));
screensOf("connecting a matter system", () => chapters.connecting(cast, see));
screensOf("sending a request", async () => {
  linkPage = await chapters.requesting(cast, see);
});
screensOf("paying", () => chapters.paying(cast, linkPage, see));
screensOf("following up on payments", () => aftermath.following(cast, linkPage, see));
screensOf("trouble", () => aftermath.troubling(cast, see));
screensOf("the panel in the matter system", () => aftermath.beside(cast, see));

import { makeApp } from "../../src/app.tsx";
import type { MemberContext } from "../../src/context.ts";
import { openDatabase } from "../../src/db/open.ts";
import { cookieFor } from "../support/requests.ts";
import { testContext } from "../support/world.ts";

// A process of its own, so that its memory is the export's alone. Prints what it saw as JSON.
export type ExportTask = {
  url: string;
  ownerUrl: string;
  firmId: string;
  actor: MemberContext["actor"];
  /** First a short one, so that what is loaded once does not count. */
  warmUp: string;
  path: string;
};
export type ExportFigures = { aboveIdleMb: number; bytes: number; seconds: number };

const MB = 1024 * 1024;
const task = JSON.parse(process.argv[2] ?? "") as ExportTask;
const database = openDatabase({ url: task.url, size: 2, onError: (error) => console.error(error.message) });
const cx = testContext({ database, url: task.url, ownerUrl: task.ownerUrl });
const member: MemberContext = { ...cx, firmId: task.firmId, actor: task.actor, requestId: "bench" };
const app = makeApp(cx);
const headers = { Cookie: await cookieFor(member) };

await download(task.warmUp);
globalThis.gc?.();
const idle = process.memoryUsage.rss();
const startedAt = performance.now();
const { bytes, most } = await download(task.path);
const seconds = (performance.now() - startedAt) / 1000;
const figures: ExportFigures = { aboveIdleMb: Math.max(0, most - idle) / MB, bytes, seconds };
process.stdout.write(`${JSON.stringify(figures)}\n`);
await database.close();

/** Takes a download piece by piece and forgets it, looking at the memory at each piece. */
async function download(path: string): Promise<{ bytes: number; most: number }> {
  const answer = await app.request(path, { headers });
  if (answer.status !== 200 || !answer.body) throw new Error(`the export answered ${answer.status}`);
  const seen = { bytes: 0, most: 0 };
  for await (const piece of answer.body) {
    seen.bytes += piece.length;
    seen.most = Math.max(seen.most, process.memoryUsage.rss());
  }
  return seen;
}

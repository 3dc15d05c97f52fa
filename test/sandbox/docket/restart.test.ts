import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import type { Running } from "../../../src/sandbox/serve.ts";
import {
  CLIENT,
  call,
  connect,
  type Entry,
  type List,
  newFolder,
  openStatements,
  refresh,
  removeFolders,
  type Tokens,
} from "./harness.ts";

const MAIN = new URL("../../../src/sandbox/docket/main.ts", import.meta.url).pathname;
const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map(kill));
  removeFolders();
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Docket as its own process, as it runs beside the product. */
async function spawnDocket(folder: string, port = 0): Promise<{ docket: Running; child: ChildProcess }> {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], {
    stdio: ["pipe", "pipe", "inherit"],
    env: {
      ...process.env,
      DOCKET_PORT: String(port),
      DOCKET_DATA: folder,
      DOCKET_SCALE: "10",
      DOCKET_CLIENT_ID: CLIENT.id,
      DOCKET_CLIENT_SECRET: CLIENT.secret,
      DOCKET_REDIRECT_URIS: CLIENT.redirectUris.join(" "),
    },
  });
  children.push(child);
  if (child.stdout === null) throw new Error("the process has no output");
  for await (const line of createInterface(child.stdout)) {
    const facts = JSON.parse(line) as { ready: boolean; origin: string; port: number };
    expect(facts.ready).toBe(true);
    return { docket: { ...facts, close: () => kill(child) }, child };
  }
  throw new Error("the process ended before it was ready");
}

test("a killed Docket comes back with its payments, grants and keys", async () => {
  const folder = newFolder();
  const first = await spawnDocket(folder);
  const tokens = await connect(first.docket);
  const [statement] = await openStatements(first.docket, tokens.access_token, "invoice");
  const made = await call<Entry>(first.docket, tokens.access_token, "/api/v1/payments", {
    reference: "before-the-crash",
    received_on: "2030-01-01",
    amount: 2,
    allocations: [{ statement_id: statement?.id, amount: 2 }],
  });
  const keys = await (await fetch(`${first.docket.origin}/oauth/jwks`)).json();
  await kill(first.child);

  const second = await spawnDocket(folder, first.docket.port);
  expect(second.docket.origin).toBe(first.docket.origin);
  expect(await (await fetch(`${second.docket.origin}/oauth/jwks`)).json()).toEqual(keys);
  const renewed = (await (await refresh(second.docket, tokens.refresh_token)).json()) as Tokens;
  const path = "/api/v1/payments?reference=before-the-crash";
  const found = await call<List<Entry>>(second.docket, renewed.access_token, path);
  expect(found.body.data).toEqual([made.body]);
});

test("a Docket whose parent closes its input ends by itself", async () => {
  const { child } = await spawnDocket(newFolder());
  const gone = once(child, "exit");
  child.stdin?.end();
  expect(await gone).toEqual([0, null]);
});

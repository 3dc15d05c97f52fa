import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { startChild } from "../../src/sandbox/child.ts";
import { choosePorts, rememberPorts } from "../../src/sandbox/ports.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/start.ts";
import { isAlive } from "../support/child.ts";

const PRODUCT = "http://127.0.0.1:9";
const KEYS = {
  docketClientSecret: "docket-secret",
  processorSecretKey: "sk_test_sandbox",
  processorWebhookSecret: "whsec_sandbox",
  mailboxToken: "mailbox-token",
  mailboxWebhookPassword: "p@ss word",
};

test("the stand-ins start together, each well, and the settings point to them", async () => {
  const sandbox = await open({ folder: await temporaryFolder() });
  for (const { origin } of [sandbox.docket, sandbox.processor, sandbox.mailbox, sandbox.captcha]) {
    expect((await fetch(`${origin}/control/health`)).status).toBe(200);
  }
  expect(sandbox.settings).toEqual({
    STRIPE_SECRET_KEY: "sk_test_sandbox",
    STRIPE_WEBHOOK_SECRET: "whsec_sandbox",
    STRIPE_API_BASE: sandbox.processor.origin,
    POSTMARK_SERVER_TOKEN: "mailbox-token",
    POSTMARK_API_BASE: sandbox.mailbox.origin,
    POSTMARK_WEBHOOK_PASSWORD: "p@ss word",
    DOCKET_ORIGIN: sandbox.docket.origin,
    DOCKET_CLIENT_ID: "send-for-payment",
    DOCKET_CLIENT_SECRET: "docket-secret",
    CAPTCHA_API_BASE: sandbox.captcha.origin,
  });
});

test("a second start finds the stand-ins where they were", async () => {
  const folder = await temporaryFolder();
  const first = await open({ folder });
  await first.stop();
  const second = await open({ folder });
  expect(second.settings).toEqual(first.settings);
});

test("a stopped sandbox is gone without a word, a killed stand-in is reported", async () => {
  const ends: unknown[] = [];
  const sandbox = await open({
    folder: await temporaryFolder(),
    onExit: (name, code) => ends.push([name, code]),
  });
  await sandbox.kill("processor");
  expect(ends).toEqual([["processor", null]]);
  await sandbox.stop();
  expect(ends).toHaveLength(1);
  for (const { pid } of [sandbox.docket, sandbox.processor, sandbox.mailbox])
    expect(isAlive(pid)).toBe(false);
});

test("when one stand-in cannot start, the reason is told and the others are stopped", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const ends: unknown[] = [];
  const starting = startSandbox({
    folder: await temporaryFolder(),
    productOrigin: PRODUCT,
    keys: KEYS,
    ports: { mailbox: port },
    docketScale: 5,
    onExit: (name) => ends.push(name),
  });
  await expect(starting).rejects.toThrow(/mailbox did not start: it ended with 1[\s\S]*EADDRINUSE/);
  expect(ends).toEqual([]);
});

test("a stand-in whose parent is killed ends by itself", async () => {
  const folder = await temporaryFolder();
  const parent = join(folder, "parent.mts");
  const path = (file: string) =>
    JSON.stringify(fileURLToPath(new URL(`../../src/sandbox/${file}`, import.meta.url)));
  await writeFile(
    parent,
    `import { startChild } from ${path("child.ts")};
    const env = { MAILBOX_DATA: ${JSON.stringify(folder)}, MAILBOX_TOKEN: "token" };
    const { facts } = await startChild({ name: "mailbox", script: ${path("mailbox/main.ts")}, env });
    process.stdout.write(facts.origin + "\\n");`,
  );
  const running = spawn(process.execPath, ["--import", "tsx", parent], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [origin] = await once(createInterface({ input: running.stdout }), "line");
  const isReached = () =>
    fetch(`${origin}/control/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  expect(await isReached()).toBe(true);
  running.kill("SIGKILL");
  await expect.poll(isReached, { timeout: 10_000 }).toBe(false);
});

test("a child that ends before it is ready, or says something else first, has not started", async () => {
  const folder = await temporaryFolder();
  const script = join(folder, "child.mts");
  await writeFile(script, 'console.error("the disk is full"); process.exit(3);');
  await expect(startChild({ name: "child", script, env: {} })).rejects.toThrow(
    /ended with 3\nthe disk is full/,
  );
  await writeFile(
    script,
    "console.log(JSON.stringify({ hello: true })); setInterval(() => undefined, 1000);",
  );
  await expect(startChild({ name: "child", script, env: {} })).rejects.toThrow(
    /not the ready line: {"hello":true}/,
  );
});

test("a child is given its own variables and none of the parent's settings", async () => {
  process.env.DATABASE_URL = "postgres://secret";
  onTestFinished(() => void delete process.env.DATABASE_URL);
  const script = join(await temporaryFolder(), "child.mts");
  await writeFile(script, READY_CHILD);
  const child = await startChild({ name: "child", script, env: { OWN: "yes" } });
  onTestFinished(child.stop);
  expect(child.facts).toMatchObject({ env: { OWN: "yes", PATH: expect.any(String) } });
  expect(child.facts.env).not.toHaveProperty("DATABASE_URL");
});

test("remembered ports are taken while they are free, given ones always", async () => {
  const folder = await temporaryFolder();
  const nothing = { docket: 0, processor: 0, mailbox: 0, captcha: 0 };
  expect(await choosePorts(folder, {})).toEqual(nothing);
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await rememberPorts(folder, { ...nothing, docket: port });
  expect(await choosePorts(folder, { mailbox: port })).toEqual({ ...nothing, mailbox: port });
  taken.close();
  await once(taken, "close");
  expect(await choosePorts(folder, {})).toEqual({ ...nothing, docket: port });
});

test.each(["", "{", "null", '{"docket":"80"}', '{"docket":99999}'])(
  "a file of ports that holds %j is passed over",
  async (text) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "ports.json"), text);
    expect(await choosePorts(folder, {})).toEqual({ docket: 0, processor: 0, mailbox: 0, captcha: 0 });
    await rememberPorts(folder, { docket: 1, processor: 2, mailbox: 3, captcha: 4 });
    expect(JSON.parse(await readFile(join(folder, "ports.json"), "utf8"))).toMatchObject({ captcha: 4 });
  },
);

const READY_CHILD = `
  console.log(JSON.stringify({ ready: true, env: process.env }));
  process.stdin.on("end", () => process.exit(0)).resume();
`;

async function open(options: Pick<SandboxOptions, "folder" | "onExit">): Promise<Sandbox> {
  const sandbox = await startSandbox({ productOrigin: PRODUCT, keys: KEYS, docketScale: 5, ...options });
  onTestFinished(sandbox.stop);
  return sandbox;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

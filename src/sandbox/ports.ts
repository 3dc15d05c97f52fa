import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

export type PortName = "docket" | "processor" | "mailbox" | "captcha";
export type Ports = Partial<Record<PortName, number>>;

const FILE_NAME = "ports.json";
const NAMES: readonly PortName[] = ["docket", "processor", "mailbox", "captcha"];
const MAXIMUM_PORT = 65_535;

/**
 * The ports to start with: the given ones as they are, else those of the last time where they are still free,
 * else 0, which takes any. Links in old mails and browser tabs go on working when the ports stay the same.
 */
export async function choosePorts(folder: string, given: Ports): Promise<Record<PortName, number>> {
  const earlier = await readPorts(folder);
  const choose = async (name: PortName) => given[name] ?? (await freeOrAny(earlier[name] ?? 0));
  const [docket, processor, mailbox, captcha] = await Promise.all([
    choose("docket"),
    choose("processor"),
    choose("mailbox"),
    choose("captcha"),
  ]);
  return { docket, processor, mailbox, captcha };
}

/** Keeps the ports for the next time. */
export async function rememberPorts(folder: string, ports: Record<PortName, number>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILE_NAME), `${JSON.stringify(ports)}\n`);
}

/** What cannot be read is as good as nothing remembered: the file only saves a choice. */
async function readPorts(folder: string): Promise<Ports> {
  const text = await readFile(join(folder, FILE_NAME), "utf8").catch(() => "{}");
  try {
    const kept = JSON.parse(text) as Record<string, unknown> | null;
    return Object.fromEntries(NAMES.map((name) => [name, kept?.[name]]).filter(([, port]) => isPort(port)));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function freeOrAny(port: number): Promise<number> {
  if (port === 0) return Promise.resolve(0);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(0));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(port)));
  });
}

function isPort(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MAXIMUM_PORT;
}

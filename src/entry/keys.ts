import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const FILE = "keys.json";

/** The embedded default's own secrets: made on its first start, kept in its folder, unfit for production. */
export type EmbeddedKeys = {
  SEALING_KEYS: string;
  LINK_KEY: string;
  docketClientSecret: string;
  processorSecretKey: string;
  processorWebhookSecret: string;
  mailboxToken: string;
  mailboxWebhookPassword: string;
};

/** Reads the keys of a folder, or makes them. The file is readable by its owner alone. */
export async function keepKeys(folder: string): Promise<EmbeddedKeys> {
  const file = path.join(folder, FILE);
  await mkdir(folder, { recursive: true });
  // Written aside and then linked: of two first starts at once, both read the keys of one, whole.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(makeKeys(), null, 2)}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft);
  }
  return JSON.parse(await readFile(file, "utf8")) as EmbeddedKeys;
}

function makeKeys(): EmbeddedKeys {
  const secret = () => randomBytes(32).toString("base64url");
  return {
    SEALING_KEYS: `k1:${randomBytes(32).toString("base64")}`,
    LINK_KEY: randomBytes(32).toString("base64"),
    docketClientSecret: secret(),
    processorSecretKey: `sk_test_${randomBytes(24).toString("hex")}`,
    processorWebhookSecret: `whsec_${randomBytes(24).toString("hex")}`,
    mailboxToken: secret(),
    mailboxWebhookPassword: secret(),
  };
}

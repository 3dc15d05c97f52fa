import { onTestFinished } from "vitest";
import type { CaptchaMaker } from "../../src/captcha/port.ts";
import { startCaptcha } from "../../src/sandbox/captcha/server.ts";
import type { Running } from "../../src/sandbox/serve.ts";

/** The makers' stand-in for one test. */
export async function openMakers(): Promise<Running> {
  const makers = await startCaptcha({});
  onTestFinished(() => makers.close());
  return makers;
}

/** A token as a browser on a page of ours would get it, but for what is told. */
export async function tokenOf(
  makers: Pick<Running, "origin">,
  maker: CaptchaMaker,
  facts: Record<string, unknown> = {},
): Promise<string> {
  const own = maker === "turnstile" ? { action: "pay" } : {};
  const body = { vendor: maker, hostname: "127.0.0.1", ...own, ...facts };
  const answer = await fetch(`${makers.origin}/control/token`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { token: string }).token;
}

/** Asks the stand-in for trouble with its next answers. */
export async function trouble(makers: Pick<Running, "origin">, kind: string, count = 1): Promise<void> {
  const answer = await fetch(`${makers.origin}/control/faults`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind, count }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

import { createServer } from "node:http";
import type { Registration } from "../../connectors/contract.ts";
import { docket } from "../../connectors/docket/connector.ts";

export const REDIRECT_URI = "http://127.0.0.1:1/oauth/cb/docket";
export const ADMIN = "usr_ana";

/** A person's browser at Docket: keeps cookies, follows redirects inside Docket, sends forms. */
export type Browser = {
  /** Opens an address; gives the page, or the address that left Docket. */
  open(address: string): Promise<Visit>;
  submit(address: string, fields: Record<string, string>): Promise<Visit>;
};

type Visit = { address: string; text: string };

const REDIRECTS_LIMIT = 10;

/** A browser without any cookie yet. */
export function openBrowser(origin: string): Browser {
  const cookies = new Map<string, string>();
  const visit = async (address: string, init: RequestInit): Promise<Visit> => {
    let at = address;
    let request = init;
    for (let redirects = 0; redirects < REDIRECTS_LIMIT; redirects += 1) {
      const headers = new Headers(request.headers);
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
      const answer = await fetch(at, { ...request, headers, redirect: "manual" });
      keep(cookies, answer.headers.getSetCookie());
      const text = await answer.text();
      const location = answer.headers.get("location");
      if (location === null) return { address: at, text };
      at = new URL(location, at).href;
      if (new URL(at).origin !== origin) return { address: at, text };
      request = {};
    }
    throw new Error(`too many redirects on the way to ${at}`);
  };
  return {
    open: (address) => visit(address, {}),
    submit: (address, fields) =>
      visit(address, { method: "POST", headers: { origin }, body: new URLSearchParams(fields) }),
  };
}

function keep(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = ""] = line.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, pair.slice(name.length + 1));
  }
}

/** Goes through Docket's sign-in and consent pages as a person would, and finishes the authorization. */
export async function authorize(
  registration: Registration,
  browser: Browser,
  purpose: "connection" | "signIn",
  decision: "allow" | "deny",
) {
  const state = `state-${purpose}-${decision}`;
  const start = await docket.startAuthorization(registration, { redirectUri: REDIRECT_URI, state, purpose });
  let visit = await browser.open(start.url);
  if (visit.text.includes("user_id")) {
    visit = await browser.submit(`${visit.address}/login`, { user_id: ADMIN });
  }
  if (!visit.address.startsWith(REDIRECT_URI)) {
    visit = await browser.submit(`${visit.address}/consent`, { decision });
  }
  return await docket.finishAuthorization(registration, {
    callbackUrl: visit.address,
    redirectUri: REDIRECT_URI,
    state,
    codeVerifier: start.codeVerifier,
    purpose,
  });
}

/** Knocks at one of the sandbox's own doors: trouble on demand, or a change made inside Docket. */
export async function control(origin: string, door: "faults" | "statements", body: unknown): Promise<void> {
  const answer = await fetch(`${origin}/control/${door}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the door answered ${answer.status}: ${await answer.text()}`);
}

type Delivery = { rawBody: string; signature: string | undefined };

/** An address of ours on a real socket, and the first webhook that is delivered to it. */
export async function receiveDelivery(): Promise<{
  url: string;
  delivery: Promise<Delivery>;
  close(): Promise<void>;
}> {
  const first = Promise.withResolvers<Delivery>();
  const receiver = createServer(async (message, answer) => {
    let rawBody = "";
    for await (const chunk of message) rawBody += String(chunk);
    const signature = message.headers["docket-signature"];
    answer.writeHead(204).end();
    first.resolve({ rawBody, signature: Array.isArray(signature) ? signature[0] : signature });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const address = receiver.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    delivery: first.promise,
    close: () =>
      new Promise((resolve) => {
        receiver.close(() => resolve());
        receiver.closeAllConnections();
      }),
  };
}

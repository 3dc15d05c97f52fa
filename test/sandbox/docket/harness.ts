import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocketOptions } from "../../../src/sandbox/docket/options.ts";
import { startDocket } from "../../../src/sandbox/docket/server.ts";
import type { Running } from "../../../src/sandbox/serve.ts";
import { type Browser, createBrowser, formAction } from "./browser.ts";

export const CLIENT = {
  id: "send-for-payment",
  secret: "a-secret-that-only-the-tests-know",
  redirectUris: ["http://127.0.0.1:4999/connections/callback"],
  name: "Send for Payment",
  launchUrl: "http://127.0.0.1:4999/panel/launch",
};
export const SIGN_IN_SCOPE = "openid email profile";
export const ALL_SCOPES = `${SIGN_IN_SCOPE} offline_access matters.read payments.write webhooks.manage`;

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "docket-"));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function startTestDocket(options: Partial<DocketOptions> = {}): Promise<Running> {
  return startDocket({ folder: newFolder(), client: CLIENT, matterCount: 30, ...options });
}

export type Tokens = {
  access_token: string;
  refresh_token?: string;
  id_token: string;
  scope: string;
  expires_in: number;
};

/** Begins an authorization; the verifier is needed to redeem its code. */
export function authorizationUrl(
  docket: Running,
  scope: string,
  extra: Record<string, string> = {},
): { url: string; verifier: string } {
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    client_id: CLIENT.id,
    response_type: "code",
    redirect_uri: CLIENT.redirectUris[0] ?? "",
    scope,
    state: "a-state",
    nonce: "a-nonce",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...extra,
  });
  return { url: `${docket.origin}/oauth/authorize?${query}`, verifier };
}

/** Walks sign-in and consent like a person; returns the app's callback address. */
export async function authorize(
  docket: Running,
  browser: Browser,
  scope: string,
  userId = "usr_ana",
  decision = "allow",
): Promise<{ callback: URL; verifier: string }> {
  const { url, verifier } = authorizationUrl(docket, scope);
  let { url: at, response } = await browser.follow(await browser.get(url));
  while (response !== undefined) {
    const html = await response.text();
    const fields = html.includes('name="user_id"') ? { user_id: userId } : { decision };
    const action = formAction(html, "user_id" in fields ? "/login" : "/consent");
    ({ url: at, response } = await browser.follow(await browser.post(action, fields)));
  }
  return { callback: new URL(at), verifier };
}

function clientHeaders(): Record<string, string> {
  const credentials = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString("base64");
  return { authorization: `Basic ${credentials}` };
}

/** Posts to the token endpoint (or the revocation endpoint) as the registered app. */
export function postAsClient(
  docket: Running,
  path: string,
  fields: Record<string, string>,
): Promise<Response> {
  return fetch(`${docket.origin}${path}`, {
    method: "POST",
    headers: clientHeaders(),
    body: new URLSearchParams(fields),
  });
}

export function redeem(docket: Running, callback: URL, verifier: string): Promise<Response> {
  return postAsClient(docket, "/oauth/token", {
    grant_type: "authorization_code",
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: CLIENT.redirectUris[0] ?? "",
    code_verifier: verifier,
  });
}

export function refresh(docket: Running, token: string | undefined): Promise<Response> {
  return postAsClient(docket, "/oauth/token", { grant_type: "refresh_token", refresh_token: token ?? "" });
}

export async function connect(docket: Running, scope = ALL_SCOPES, userId = "usr_ana"): Promise<Tokens> {
  const { callback, verifier } = await authorize(docket, createBrowser(docket.origin), scope, userId);
  const response = await redeem(docket, callback, verifier);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Tokens;
}

export type Answer<Body> = { status: number; headers: Headers; body: Body };

/** Calls the API (or a control door) and reads the answer's JSON as the caller names it. */
export async function call<Body>(
  docket: Running,
  token: string,
  path: string,
  body?: unknown,
  method = body === undefined ? "GET" : "POST",
): Promise<Answer<Body>> {
  const response = await fetch(`${docket.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text || "null") as Body };
}

export type Failure = { error: { code: string; message: string } };
export type List<Item> = { data: Item[]; next_cursor: string | null };
export type Statement = {
  id: string;
  number: string;
  matter_id: string;
  kind: "invoice" | "trust_request";
  status: "open" | "paid" | "void";
  total: number;
  balance: number;
  issued_on: string;
  due_on: string | null;
  updated_at: string;
  deleted_at: string | null;
};
export type Matter = {
  id: string;
  number: string;
  description: string;
  trust_balance: number;
  payers: { contact_id: string; name: string; email: string | null; assigned: boolean }[];
  updated_at: string;
};
export type Entry = {
  id: string;
  reference: string;
  amount: number;
  reversed_amount: number;
  allocations: { statement_id: string; amount: number }[];
};

/** Every page of a list. */
export async function readAll<Item>(docket: Running, token: string, path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const separator = path.includes("?") ? "&" : "?";
    const query: string = cursor === "" ? "" : `${separator}cursor=${cursor}`;
    const page: Answer<List<Item>> = await call<List<Item>>(docket, token, `${path}${query}`);
    if (page.status !== 200) throw new Error(JSON.stringify(page.body));
    items.push(...page.body.data);
    cursor = page.body.next_cursor;
  }
  return items;
}

export const FIRST_MATTER = "mat_000000001";

/** The open statements of the first matter. */
export async function openStatements(docket: Running, token: string, kind: Statement["kind"]) {
  const all = await readAll<Statement>(docket, token, "/api/v1/statements");
  return all.filter(
    (item) => item.matter_id === FIRST_MATTER && item.kind === kind && item.status === "open",
  );
}

import { ConnectorError, type Grantor } from "../../connectors/contract.ts";
import { Problem } from "../base/error.ts";
import { newSecret } from "../base/id.ts";
import type { Context } from "../context.ts";
import { enterFirm } from "../db/tenant.ts";
import { transact } from "../db/tx.ts";
import { findPersonByEmail, listMemberships } from "../team/queries.ts";
import { openSession } from "../team/sign-in.ts";
import { hashSecret } from "../vault/hash.ts";
import { insertPending } from "./authorization-queries.ts";
import { AUTHORIZATION_LIFETIME_MS } from "./begin-authorization.ts";
import { requireConnector } from "./configured.ts";
import { consumeSignIn, listFirmsOfAccount } from "./sign-in-queries.ts";

/**
 * Begins a sign-in with the account that a member has in the matter system. Gives the address to go to and the secret that the
 * browser must bring back. Throws `not_found` for an unknown system, `unavailable` when it cannot be reached.
 */
export async function beginSignIn(
  cx: Context,
  input: { connector: string; nextPath: string },
): Promise<{ url: string; browserSecret: string }> {
  const { connector, registration } = requireConnector(cx, input.connector);
  const state = newSecret();
  const browserSecret = newSecret();
  const start = await connector
    .startAuthorization(registration, {
      redirectUri: callbackOf(cx, input.connector),
      state,
      purpose: "signIn",
    })
    .catch((error: unknown) => {
      throw refusal(cx, error, connector.manifest.name);
    });
  const stateHash = hashSecret(state);
  await transact(cx.database, (tx) =>
    insertPending(tx, {
      state_hash: stateHash,
      purpose: "signIn",
      connector: input.connector,
      code_verifier_sealed: cx.vault.seal(start.codeVerifier, placeOf(stateHash)),
      browser_hash: hashSecret(browserSecret),
      next_path: input.nextPath,
      expires_at: new Date(cx.now().getTime() + AUTHORIZATION_LIFETIME_MS),
    }),
  );
  return { url: start.url, browserSecret };
}

/**
 * Ends it: who came back from the matter system is signed in to the firm that authorised their account there, where they are a
 * member by the same address. Throws `expired` (not begun in this browser, used, too old) or `forbidden` (nobody we know).
 */
export async function finishSignIn(
  cx: Context,
  input: { connector: string; callbackUrl: string; browserSecret: string | undefined; requestId: string },
): Promise<{ secret: string; nextPath: string }> {
  const { connector, registration } = requireConnector(cx, input.connector);
  const state = new URL(input.callbackUrl).searchParams.get("state") ?? "";
  const stateHash = hashSecret(state);
  const claim = {
    stateHash,
    browserHash: hashSecret(input.browserSecret ?? ""),
    connector: input.connector,
    now: cx.now(),
  };
  const pending = await transact(cx.database, (tx) => consumeSignIn(tx, claim));
  if (!pending)
    throw new Problem(
      "expired",
      "This sign-in was not begun in this browser, or took too long. Start again.",
    );
  const { grantor } = await connector
    .finishAuthorization(registration, {
      callbackUrl: input.callbackUrl,
      redirectUri: callbackOf(cx, input.connector),
      state,
      codeVerifier: cx.vault.open(pending.code_verifier_sealed, placeOf(stateHash)),
      purpose: "signIn",
    })
    .catch((error: unknown) => {
      throw refusal(cx, error, connector.manifest.name);
    });
  const secret = await openFor(cx, {
    connector: input.connector,
    grantor,
    system: connector.manifest.name,
    requestId: input.requestId,
  });
  return { secret, nextPath: pending.next_path };
}

/** Both must hold: the firm authorised this account of the matter system, and the person is its member. */
function openFor(
  cx: Context,
  who: { connector: string; grantor: Grantor; system: string; requestId: string },
): Promise<string> {
  return transact(cx.database, async (tx) => {
    const firmIds = await listFirmsOfAccount(tx, who.connector, who.grantor.accountId);
    const person = await findPersonByEmail(tx, who.grantor.email);
    const memberships = person ? await listMemberships(tx, person.id) : [];
    const membership = memberships.find((each) => firmIds.includes(each.firmId));
    if (!membership) {
      throw new Problem(
        "forbidden",
        `Nobody with this account of ${who.system} is a member of a firm that uses Send for Payment with it. Ask an administrator of your firm to invite you.`,
      );
    }
    await enterFirm(tx, membership.firmId);
    return await openSession(cx, tx, {
      ...membership,
      kind: "direct",
      requestId: who.requestId,
      how: "matter system",
    });
  });
}

function refusal(cx: Context, error: unknown, system: string): unknown {
  if (!(error instanceof ConnectorError)) return error;
  cx.log.warn("a sign-in with a matter system was not completed", { reason: error.message });
  if (error.vendorCode === "access_denied")
    return new Problem("forbidden", `Access was declined at ${system}. You are not signed in.`);
  return new Problem(
    "unavailable",
    `${system} did not complete the sign-in. Try again, or sign in by email.`,
  );
}

function callbackOf(cx: Context, connector: string): string {
  return `${cx.config.PUBLIC_ORIGIN}/signin/callback/${connector}`;
}

function placeOf(stateHash: Buffer): string {
  return `authorization_state.code_verifier:signIn:${stateHash.toString("hex")}`;
}

import { createPrivateKey, randomUUID, sign } from "node:crypto";
import type { Docket } from "./docket.ts";
import { ACCOUNT } from "./options.ts";
import type { User } from "./users.ts";

const TICKET_SECONDS = 60;

/** A signed ticket (JWT, RS256, good for a minute) that tells the panel's app who opened it on which matter. */
export function makeTicket(docket: Docket, user: User, matterId: string): string {
  const [key] = docket.keys.signing;
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: key.alg, typ: "JWT", kid: key.kid };
  const claims = {
    iss: docket.origin,
    aud: docket.options.client.id,
    sub: user.id,
    email: user.email,
    name: user.name,
    account_id: ACCOUNT.id,
    matter_id: matterId,
    iat: now,
    exp: now + TICKET_SECONDS,
    jti: randomUUID(),
  };
  const signed = `${encodePart(header)}.${encodePart(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), createPrivateKey({ key, format: "jwk" }));
  return `${signed}.${signature.toString("base64url")}`;
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

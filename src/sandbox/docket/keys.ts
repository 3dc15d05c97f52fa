import { generateKeyPairSync, type JsonWebKey, randomBytes } from "node:crypto";
import type { Store } from "./store.ts";

const RSA_BITS = 2048;
const COOKIE_KEY_BYTES = 32;

type SigningKey = JsonWebKey & { kid: string; use: "sig"; alg: "RS256" };

export type Keys = {
  /** Private JSON Web Keys; the first one signs. */
  signing: [SigningKey];
  cookies: string[];
};

/** The keys of this data file, made on its first start. */
export function loadKeys(store: Store): Keys {
  const stored = store.find<{ value: string }>("select value from meta where name = 'keys'");
  if (stored !== undefined) return JSON.parse(stored.value) as Keys;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: RSA_BITS });
  const keys: Keys = {
    signing: [
      {
        ...privateKey.export({ format: "jwk" }),
        kid: randomBytes(8).toString("hex"),
        use: "sig",
        alg: "RS256",
      },
    ],
    cookies: [randomBytes(COOKIE_KEY_BYTES).toString("base64url")],
  };
  store.run("insert into meta (name, value) values ('keys', ?)", JSON.stringify(keys));
  return keys;
}

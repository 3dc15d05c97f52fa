const RS256 = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};

type SigningKey = { id: string; privateKey: CryptoKey; publicJwk: Record<string, unknown> };

/** A key pair of an authorization server in tests. */
export async function newSigningKey(id: string): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(RS256, true, ["sign", "verify"]);
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return {
    id,
    privateKey: pair.privateKey,
    publicJwk: { kty: jwk.kty, n: jwk.n, e: jwk.e, kid: id, use: "sig", alg: "RS256" },
  };
}

/** Signs claims as a JWT; claims that are undefined are left out. */
export async function signJwt(key: SigningKey, claims: Record<string, unknown>): Promise<string> {
  const signed = `${encode({ alg: "RS256", kid: key.id, typ: "JWT" })}.${encode(claims)}`;
  const signature = await crypto.subtle.sign(RS256.name, key.privateKey, new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}

function encode(part: Record<string, unknown>): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

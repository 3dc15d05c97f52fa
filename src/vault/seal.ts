import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Seals secrets for storage and derives tokens. */
export type Vault = {
  /** Seals text for one place; `place` is `table.column:firm:row`, and only there it opens again. */
  seal: (text: string, place: string) => string;
  /** Throws when the key is unknown, the text was changed or it comes from another place. */
  open: (sealed: string, place: string) => string;
  /** 64 characters that name a row and prove that we made them. `purpose` keeps the kinds of token apart. */
  makeToken: (purpose: TokenPurpose, rowId: string, version: number) => string;
  /** The row that a token names; undefined when it is malformed. Says nothing yet about whether it is ours. */
  readTokenId: (token: string) => string | undefined;
  /** Whether the token is ours, for this purpose, row and version. */
  isToken: (token: string, purpose: TokenPurpose, rowId: string, version: number) => boolean;
};

type TokenPurpose = "link" | "signIn";

/**
 * Makes the vault. `sealingKeys` is `id:base64 id:base64`, newest first: the first seals, all open. `linkKey` is 32 bytes in
 * base64. AES-256-GCM with a random 96-bit IV, the place as associated data; tokens are HMAC-SHA256. Throws for a key of another
 * length.
 */
export function openVault(sealingKeys: string, linkKey: string): Vault {
  const keys = sealingKeys.split(" ").map((entry) => {
    const [id = "", encoded = ""] = entry.split(":");
    return { id, key: readKey(encoded) };
  });
  const newest = keys[0];
  if (!newest) throw new Error("there is no sealing key");
  const macKey = readKey(linkKey);
  const mac = (purpose: TokenPurpose, rowId: string, version: number) =>
    createHmac("sha256", macKey).update(`${purpose}|${rowId}|${version}`).digest();
  return {
    seal(text, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", newest.key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(`${newest.id}|${place}`));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return [
        "v1",
        newest.id,
        iv.toString("base64url"),
        body.toString("base64url"),
        cipher.getAuthTag().toString("base64url"),
      ].join(".");
    },
    open(sealed, place) {
      const [version, id, iv, body, tag] = sealed.split(".");
      const key = keys.find((candidate) => candidate.id === id);
      if (version !== "v1" || !key || !iv || body === undefined || !tag)
        throw new Error(`cannot open what is sealed at ${place}`);
      const decipher = createDecipheriv("aes-256-gcm", key.key, Buffer.from(iv, "base64url"), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(`${key.id}|${place}`));
      decipher.setAuthTag(Buffer.from(tag, "base64url"));
      return Buffer.concat([decipher.update(Buffer.from(body, "base64url")), decipher.final()]).toString(
        "utf8",
      );
    },
    makeToken(purpose, rowId, version) {
      const id = Buffer.from(rowId.replaceAll("-", ""), "hex");
      return Buffer.concat([id, mac(purpose, rowId, version)]).toString("base64url");
    },
    readTokenId(token) {
      if (!/^[\w-]{64}$/.test(token)) return undefined;
      const hex = Buffer.from(token, "base64url").subarray(0, 16).toString("hex");
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    },
    isToken(token, purpose, rowId, version) {
      const given = Buffer.from(token, "base64url").subarray(16);
      const wanted = mac(purpose, rowId, version);
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}

function readKey(encoded: string): Buffer {
  const key = Buffer.from(encoded, "base64");
  if (key.length !== KEY_BYTES) throw new Error(`a key has ${key.length} bytes, it must have ${KEY_BYTES}`);
  return key;
}

import { createHash } from "node:crypto";

/** SHA-256 of a random secret, for storing it: enough for secrets of 128 bits and more, which cannot be guessed. */
export function hashSecret(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

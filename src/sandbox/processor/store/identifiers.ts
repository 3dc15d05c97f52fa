import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 24;
const SESSION_ID_LENGTH = 58;

/**
 * A new identifier: the prefix, an underscore and random letters and digits, as many as Stripe uses for the
 * kind.
 */
export function newId(prefix: string): string {
  const length = prefix === "cs_test" ? SESSION_ID_LENGTH : ID_LENGTH;
  return `${prefix}_${randomText(length)}`;
}

/** Random letters and digits (the slight bias of the modulus does not matter for a stand-in). */
export function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
}

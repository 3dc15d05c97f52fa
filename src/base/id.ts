import { randomBytes, randomUUID } from "node:crypto";

/** A row's id: a random UUID. Not a secret: what must not be guessed is a `newSecret`. */
export function newId(): string {
  return randomUUID();
}

/** 256 random bits in base64url, 43 characters: for sessions, sign-in links and states. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether text from an address or a form can be a row's id at all; asking the database with other text is an error there. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** Crockford's letters without those that are mistaken for each other: for references that people read out. */
const READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A reference of `length` readable characters, 5 random bits each. */
export function newReference(prefix: string, length: number): string {
  const bytes = randomBytes(length);
  let text = "";
  for (const byte of bytes) text += READABLE[byte & 31];
  return `${prefix}-${text}`;
}

import { createHash } from "node:crypto";

/** Crockford's letters: a reference is read out over the telephone. */
const READABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS = 16;
const GROUP_LENGTH = 4;

/**
 * The reference under which a posting stands in the matter system, such as `SFP-7K3M-9QWT-0D5E-RX2B`: 80 bits of a hash of what it
 * is for. Made from the allocation and the cause, so that preparing the same posting again gives the same reference.
 */
export function referenceOf(posting: { allocationId: string; cause: string }): string {
  const bytes = createHash("sha256").update(`${posting.allocationId}:${posting.cause}`).digest();
  const letters = [...bytes.subarray(0, CHARACTERS)].map((byte) => READABLE[byte & 31]).join("");
  const groups = letters.match(new RegExp(`.{${GROUP_LENGTH}}`, "g")) ?? [];
  return ["SFP", ...groups].join("-");
}

import type { Context } from "../context.ts";

/** What names a link to its payer. */
type AddressedLink = { id: string; token_version: number };

/**
 * The address that the payer opens. Derived, never stored: a raised token version ends the earlier address. It opens the link, so
 * it goes to the payer and onto the member's screen, and into no log, job or audit row.
 */
export function linkUrl(cx: Pick<Context, "vault" | "config">, link: AddressedLink): string {
  return `${cx.config.PUBLIC_ORIGIN}/p/${cx.vault.makeToken("link", link.id, link.token_version)}`;
}

import type { Tokens } from "../../connectors/contract.ts";
import type { Vault } from "../vault/seal.ts";

/** What names a connection's row. */
export type ConnectionKey = { firmId: string; connectionId: string };

type SecretColumn = "access_token" | "refresh_token" | "webhook_secret";

/** The columns that hold a grant, sealed for this row alone. */
type SealedTokens = {
  access_token_sealed: string;
  refresh_token_sealed: string | null;
  token_expires_at: Date;
};

/** Seals a grant for the row of a connection. */
export function sealTokens(vault: Vault, key: ConnectionKey, tokens: Tokens): SealedTokens {
  const { accessToken, refreshToken } = tokens;
  return {
    access_token_sealed: sealSecret(vault, key, "access_token", accessToken),
    refresh_token_sealed:
      refreshToken === undefined ? null : sealSecret(vault, key, "refresh_token", refreshToken),
    token_expires_at: tokens.expiresAt,
  };
}

/** Seals one secret of a connection. */
export function sealSecret(vault: Vault, key: ConnectionKey, column: SecretColumn, secret: string): string {
  return vault.seal(secret, placeOf(key, column));
}

/** Opens one secret of a connection. Throws when it was sealed for another row or column. */
export function openSecret(vault: Vault, key: ConnectionKey, column: SecretColumn, sealed: string): string {
  return vault.open(sealed, placeOf(key, column));
}

function placeOf(key: ConnectionKey, column: SecretColumn): string {
  return `connection.${column}:${key.firmId}:${key.connectionId}`;
}

import type { Manifest } from "../contract.ts";

export const manifest = {
  key: "docket",
  name: "Docket",
  capabilities: [
    "readStatements",
    "readTrust",
    "postPayment",
    "postTrustDeposit",
    "reverse",
    "lookUp",
    "webhooks",
    "embed",
    "signIn",
  ],
  duplicates: "lookUp",
  statementsPerPost: "many",
  authorization: {
    scopes: [
      "openid",
      "email",
      "profile",
      "offline_access",
      "matters.read",
      "payments.write",
      "webhooks.manage",
    ],
    signInScopes: ["openid", "email", "profile"],
    pkce: true,
    rotatesRefreshToken: true,
  },
} as const satisfies Manifest;

import { randomBytes } from "node:crypto";

/** Settings with which production starts. */
export const PRODUCTION: Readonly<Record<string, string>> = {
  NODE_ENV: "production",
  PUBLIC_ORIGIN: "https://pay.firm.example",
  DATABASE_URL: "postgres://service:db-pass@db.example:5432/pay",
  SEALING_KEYS: `k1:${randomBytes(32).toString("base64")}`,
  LINK_KEY: randomBytes(32).toString("base64"),
  STRIPE_SECRET_KEY: "sk_live_123456789",
  STRIPE_WEBHOOK_SECRET: "whsec_topsecret_of_the_endpoint",
  POSTMARK_SERVER_TOKEN: "the-server-token",
  POSTMARK_WEBHOOK_PASSWORD: "the-webhooks-password",
};

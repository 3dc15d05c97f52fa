import { z } from "zod";
import { runAsProcess } from "../serve.ts";
import { DEFAULT_MATTER_COUNT, DEFAULT_REQUESTS_PER_MINUTE, MAX_MATTER_COUNT } from "./options.ts";
import { startDocket } from "./server.ts";

const environment = z.object({
  DOCKET_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  DOCKET_DATA: z.string().min(1),
  DOCKET_SCALE: z.coerce.number().int().min(1).max(MAX_MATTER_COUNT).default(DEFAULT_MATTER_COUNT),
  DOCKET_CLIENT_ID: z.string().min(1),
  DOCKET_CLIENT_SECRET: z.string().min(1),
  DOCKET_REDIRECT_URIS: z.string().transform((text) => text.split(/\s+/).filter((uri) => uri !== "")),
  DOCKET_LAUNCH_URL: z.url().optional(),
  DOCKET_APP_NAME: z.string().min(1).default("Send for Payment"),
  DOCKET_RATE_LIMIT: z.coerce.number().int().min(1).default(DEFAULT_REQUESTS_PER_MINUTE),
});

const given = environment.parse(process.env);
await runAsProcess(() =>
  startDocket({
    port: given.DOCKET_PORT,
    folder: given.DOCKET_DATA,
    matterCount: given.DOCKET_SCALE,
    requestsPerMinute: given.DOCKET_RATE_LIMIT,
    client: {
      id: given.DOCKET_CLIENT_ID,
      secret: given.DOCKET_CLIENT_SECRET,
      redirectUris: given.DOCKET_REDIRECT_URIS,
      launchUrl: given.DOCKET_LAUNCH_URL,
      name: given.DOCKET_APP_NAME,
    },
  }),
);

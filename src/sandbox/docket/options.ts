type DocketClient = {
  id: string;
  secret: string;
  redirectUris: string[];
  /** Shown on the consent page and on the panel. */
  name: string;
  /** Where the panel's ticket is posted; without it the matter page says that no app is installed. */
  launchUrl?: string | undefined;
};

export type DocketOptions = {
  /** 0 or undefined takes a free port. */
  port?: number | undefined;
  /** The folder of the data file; made when missing. */
  folder: string;
  /** How many matters a new data file starts with. */
  matterCount?: number | undefined;
  client: DocketClient;
  requestsPerMinute?: number | undefined;
  /** Pauses before the second and later deliveries of a webhook. */
  webhookRetryDelaysMs?: readonly number[] | undefined;
};

export const ACCOUNT = { id: "acc_marlow", name: "Marlow Keane LLP", currency: "USD" } as const;

export const DEFAULT_MATTER_COUNT = 120;
export const MAX_MATTER_COUNT = 200_000;
export const DEFAULT_REQUESTS_PER_MINUTE = 600;
export const DEFAULT_WEBHOOK_RETRY_DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000] as const;

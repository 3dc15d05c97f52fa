import chromium from "@sparticuz/chromium";
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium as driver,
  type Page as Tab,
} from "playwright-core";

/** The package's arguments are for a one-request machine: with these, a second context crashes or the web's own rules are off. */
const UNWANTED_ARGUMENTS = [
  "--single-process",
  "--no-zygote",
  "--disable-web-security",
  "--disable-site-isolation-trials",
  "--allow-running-insecure-content",
];
const UNWANTED_FEATURES = "--disable-features=";
const ADDED_ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"];
const NOT_LOADED = "Failed to load resource";
const ACTION_LIMIT_MS = 10_000;

export const DESKTOP = { width: 1280, height: 900 } as const;
export const PHONE = { width: 360, height: 740 } as const;

export type Browser = {
  /** A person's own browser: nothing is shared with another one. */
  newPerson: (options?: BrowserContextOptions) => Promise<Person>;
  close: () => Promise<void>;
};

export type Person = {
  context: BrowserContext;
  tab: Tab;
  /** What went wrong on any page so far: uncaught errors, errors on the console, refusals by a content security policy. */
  troubles: string[];
};

/** Launches Chromium. Its site isolation stays on, so that a frame of another site is a stranger as in a person's browser. */
export async function launchBrowser(): Promise<Browser> {
  const args = chromium.args.filter(
    (argument) => !UNWANTED_ARGUMENTS.includes(argument) && !argument.startsWith(UNWANTED_FEATURES),
  );
  const browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: [...args, ...ADDED_ARGUMENTS],
    headless: true,
  });
  return {
    close: () => browser.close(),
    newPerson: async (options = {}) => {
      const context = await browser.newContext({ viewport: DESKTOP, ...options });
      context.setDefaultTimeout(ACTION_LIMIT_MS);
      const troubles: string[] = [];
      context.on("weberror", (error) => troubles.push(`uncaught: ${error.error().message}`));
      context.on("console", (message) => {
        if (message.type() === "error" && !message.text().startsWith(NOT_LOADED))
          troubles.push(`${message.text()} (${message.location().url})`);
      });
      // A page may well answer 404 or 422; what belongs to a page may not.
      context.on("response", (response) => {
        if (response.status() >= 400 && response.request().resourceType() !== "document")
          troubles.push(`${response.status()} ${response.url()}`);
      });
      return { context, tab: await context.newPage(), troubles };
    },
  };
}

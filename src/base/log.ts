type LogLevel = "debug" | "info" | "warn" | "error";

/** Facts beside a message. Never tokens, addresses of payers or bodies. */
type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = {
  debug: (message: string, facts?: LogFacts) => void;
  info: (message: string, facts?: LogFacts) => void;
  warn: (message: string, facts?: LogFacts) => void;
  /** `cause` is what was thrown; its stack is written, its own properties are not. */
  error: (message: string, facts?: LogFacts, cause?: unknown) => void;
};

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * A log of JSON lines. `write` takes one line without its end. Payment and sign-in tokens that stray into a message or a stack are
 * blotted out here, the last door before the outside.
 */
export function openLog(least: LogLevel, write: (line: string) => void): Log {
  const log = (level: LogLevel, message: string, facts: LogFacts = {}, cause?: unknown): void => {
    if (ORDER[level] < ORDER[least]) return;
    const failure =
      cause === undefined
        ? {}
        : { cause: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
    const line = { at: new Date().toISOString(), level, message, ...facts, ...failure };
    // Blotted before it is written as JSON: there a line break ends in a letter, which would seem part of the token after it.
    write(JSON.stringify(line, (_key, value) => (typeof value === "string" ? blot(value) : value)));
  };
  return {
    debug: (message, facts) => log("debug", message, facts),
    info: (message, facts) => log("info", message, facts),
    warn: (message, facts) => log("warn", message, facts),
    error: (message, facts, cause) => log("error", message, facts, cause),
  };
}

/** Hides what looks like one of our tokens (64 characters of base64url) or a bearer token. */
function blot(text: string): string {
  return text
    .replace(/(?<![\w-])[\w-]{64}(?![\w-])/g, "[token]")
    .replace(/\b(Bearer|Basic) +[\w.~+/=-]+/gi, "$1 [token]");
}

import * as oauth from "oauth4webapi";
import { ConnectorError } from "./contract.ts";
import { retryAfterSeconds } from "./http.ts";
import { TransportError } from "./transport.ts";

const LONGEST_WORDS_CHARACTERS = 200;

/** What a lost answer means: for a refresh token that rotates, the grant itself may be lost. */
type WhenLost = "outage" | "unclear";

/**
 * Runs work with oauth4webapi and gives its result; throws `ConnectorError` for whatever the library reports.
 */
export async function translated<Result>(whenLost: WhenLost, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translate(error, whenLost);
  }
}

/**
 * Throws for the statuses of a token or revocation endpoint that the library reports only as "not conform".
 */
export function refuseFailure(response: Response, whenLost: WhenLost): void {
  if (response.status === 429) {
    throw new ConnectorError("rate", "The authorization server answered 429.", {
      retryAfterSeconds: retryAfterSeconds(response.headers.get("retry-after"), new Date()),
    });
  }
  if (response.status >= 500 || (response.status >= 300 && response.status < 400)) {
    throw new ConnectorError(whenLost, `The authorization server answered ${response.status}.`, {
      vendorCode: `http_${response.status}`,
    });
  }
  if (response.status === 401) {
    throw new ConnectorError(
      "rejected",
      "The authorization server does not accept this client's registration.",
      {
        vendorCode: "invalid_client",
      },
    );
  }
}

/** The error for a callback that is not good: an error answer, or one that belongs to another request. */
export function callbackRefusal(error: unknown): ConnectorError {
  if (!(error instanceof oauth.AuthorizationResponseError)) {
    return new ConnectorError("rejected", "The answer does not belong to this authorization. Start again.", {
      vendorCode: "callback_mismatch",
    });
  }
  if (error.error === "access_denied") {
    return new ConnectorError("rejected", "Access was declined on the consent page.", {
      vendorCode: "access_denied",
    });
  }
  const isPassing = error.error === "server_error" || error.error === "temporarily_unavailable";
  return new ConnectorError(
    isPassing ? "outage" : "rejected",
    words(error.error_description ?? error.error),
    {
      vendorCode: error.error.slice(0, LONGEST_WORDS_CHARACTERS),
    },
  );
}

/** The error for a code that was not taken; anything else goes on as it is. */
export function codeRefusal(error: unknown): never {
  if (error instanceof oauth.ResponseBodyError && error.error === "invalid_grant") {
    throw new ConnectorError(
      "rejected",
      "The authorization took too long or was used already. Start again.",
      {
        vendorCode: "invalid_grant",
      },
    );
  }
  throw error;
}

/** The error for a ticket that is not good: `outage` when the keys to check it with could not be read. */
export function ticketRefusal(error: unknown): ConnectorError {
  if (error instanceof ConnectorError || error instanceof TransportError) return translate(error, "outage");
  const code = codeOf(error);
  if (code === oauth.RESPONSE_IS_NOT_CONFORM) {
    return new ConnectorError("outage", "The authorization server's keys cannot be read.", {
      vendorCode: code,
    });
  }
  return new ConnectorError("rejected", "The ticket is not good.", { vendorCode: code });
}

/** The library's errors hold whole answers, tokens included: only a code and our words are passed on. */
function translate(error: unknown, whenLost: WhenLost): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (error instanceof TransportError) {
    const kind = error.fault === "unsent" ? "outage" : whenLost;
    return new ConnectorError(kind, error.message, { vendorCode: error.code });
  }
  if (error instanceof oauth.ResponseBodyError) {
    if (error.error === "invalid_grant") {
      return new ConnectorError("auth", "The grant is no longer good.", { vendorCode: "invalid_grant" });
    }
    // A description may repeat what was sent, so only the code is shown.
    return new ConnectorError("rejected", words(error.error), { vendorCode: error.error });
  }
  const code = codeOf(error);
  if (code === undefined) throw error;
  const kind = whenLost === "unclear" ? "unclear" : "unreadable";
  return new ConnectorError(kind, "The authorization server's answer cannot be understood.", {
    vendorCode: code,
  });
}

function words(said: string): string {
  return `The authorization server answered: ${said.slice(0, LONGEST_WORDS_CHARACTERS)}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

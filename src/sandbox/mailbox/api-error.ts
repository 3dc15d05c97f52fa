/** A refusal in the words of https://postmarkapp.com/developer/api/overview#error-codes. */
export type ApiError = { code: number; status: 401 | 422 | 429 | 500; message: string };

export const BAD_TOKEN = 10;
export const INVALID_EMAIL_REQUEST = 300;
export const INVALID_JSON = 402;
export const INCOMPATIBLE_JSON = 403;
export const INACTIVE_RECIPIENT = 406;
export const JSON_REQUIRED = 409;
export const BATCH_TOO_LARGE = 410;
export const ATTACHMENT_FORBIDDEN = 411;
export const RATE_LIMITED = 429;
export const UNKNOWN_STREAM = 1235;

const STATUSES = new Map<number, ApiError["status"]>([
  [BAD_TOKEN, 401],
  [RATE_LIMITED, 429],
]);

/** One refusal, with the HTTP status that its code goes with. */
export function apiError(code: number, message: string): ApiError {
  return { code, status: STATUSES.get(code) ?? 422, message };
}

/** The refusal as the body of an answer, alone or as one entry of a batch. */
export function errorBody({ code, message }: ApiError): { ErrorCode: number; Message: string } {
  return { ErrorCode: code, Message: message };
}

/** The refusal as a whole answer. */
export function errorResponse(error: ApiError): Response {
  return Response.json(errorBody(error), { status: error.status });
}

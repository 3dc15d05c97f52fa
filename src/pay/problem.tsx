import { Problem } from "../base/error.ts";
import { PayButton } from "../ui/pay.tsx";
import type { Web } from "../web/env.ts";
import { languageOf, withChoice } from "./language.ts";
import { renderPlain } from "./page.tsx";
import { type PayWords, wordsFor } from "./words.ts";

/** The pages of payers: what goes wrong there is said in the payer's language. */
export function isPayerPath(path: string): boolean {
  return path.startsWith("/p/");
}

/** What a payer reads when a request was refused before or instead of its page. `error` is a Problem, or a defect. */
export async function showPayProblem(c: Web, error: unknown): Promise<Response> {
  const { problem } = wordsFor(languageOf(c));
  if (!(error instanceof Problem)) {
    const { title, text, reference } = problem.unknown;
    const content = (
      <>
        <p>{text}</p>
        <p class="fine-print">{reference(c.get("requestId"))}</p>
        <PayButton href={withChoice(c, linkOf(c))}>{problem.back}</PayButton>
      </>
    );
    return await renderPlain(c, { title, status: 500, here: linkOf(c) }, content);
  }
  const { title, text, status } = sayingOf(c, error, problem);
  const content = (
    <>
      <p>{text}</p>
      <PayButton href={withChoice(c, linkOf(c))}>{problem.back}</PayButton>
    </>
  );
  return await renderPlain(c, { title, status, here: linkOf(c) }, content);
}

/** The page of the link as it is now, whatever below it was asked for. */
function linkOf(c: Web): string {
  return `/p/${encodeURIComponent(c.req.path.split("/")[2] ?? "")}`;
}

type Saying = { title: string; text: string; status: 403 | 409 | 422 | 429 | 503 };

function sayingOf(c: Web, error: Problem, words: PayWords["problem"]): Saying {
  switch (error.code) {
    case "too_many": {
      const seconds = Number(c.res.headers.get("Retry-After") ?? "60");
      return { title: words.tooMany.title, text: words.tooMany.text(seconds), status: 429 };
    }
    case "forbidden":
      return { ...words.foreign, status: 403 };
    case "invalid":
      return { ...words.form, status: 422 };
    // Thrown by the pay feature, in the payer's language already.
    case "conflict":
      return { title: words.changed.title, text: error.message, status: 409 };
    default:
      return { title: words.unknown.title, text: error.message, status: 503 };
  }
}

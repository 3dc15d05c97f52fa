const PAUSE_MS = 50;
const USUAL_LIMIT_MS = 20_000;

/**
 * Asks again and again until there is an answer other than undefined and false. `what` names the condition in the error after
 * `limitMs`. What `ask` throws ends the waiting at once.
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined | false>,
  limitMs = USUAL_LIMIT_MS,
  pauseMs = PAUSE_MS,
): Promise<Answer> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > endsAt)
      throw new Error(`waited ${limitMs} ms, but it did not come true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

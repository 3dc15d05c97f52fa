/**
 * How a part of the page is exchanged without loading the whole. The same address answers with the full page for a
 * browser without the script, so this only ever makes a form or a link quicker.
 */
export type Swap = {
  /** The page's nonce; without it the content-security extension removes the attributes below. */
  nonce: string;
  /** CSS selector of what is exchanged. */
  target: string;
  /** The part of the answer that is taken, when the answer is a full page. Default: the target. */
  select?: string | undefined;
  /** `outerMorph` keeps focus and what is typed; `outerHTML` replaces. */
  style?: "outerMorph" | "outerHTML" | "innerMorph" | "innerHTML" | undefined;
  /** An htmx trigger, such as `every 3s` or `change`. Filters in brackets need eval and do not work here. */
  trigger?: string | undefined;
  /** Comes by itself while somebody types: when it fails, the page and what was typed stay as they are. */
  background?: boolean | undefined;
  /** CSS selector of what is exchanged, target and part at once, when what was typed cannot be taken (422): its fields with their errors. */
  refused?: string | undefined;
  /** Puts the address of the answer in the address bar. */
  push?: boolean | undefined;
};

/**
 * A refused or failed request answers with a whole page, so the whole of its main part is shown: the error summary
 * stands above the heading, outside of any smaller target.
 */
const ON_FAILURE = exchangeOf("#main");
/** What asks by itself leaves the page alone when an answer fails. */
const ON_FAILED_BACKGROUND = JSON.stringify({ swap: "none" });

function exchangeOf(selector: string): string {
  return JSON.stringify({ target: selector, select: selector, swap: "outerMorph" });
}

/** The attributes for an exchange with GET or POST at a path. Keys are fixed here, so they are safe to spread. */
export function swapAttributes(swap: Swap, method: "get" | "post", path: string): Record<string, string> {
  const isBackground = swap.background ?? swap.trigger?.startsWith("every ");
  const onFailure = isBackground ? ON_FAILED_BACKGROUND : ON_FAILURE;
  return {
    "hx-nonce": swap.nonce,
    [method === "get" ? "hx-get" : "hx-post"]: path,
    "hx-target": swap.target,
    "hx-select": swap.select ?? swap.target,
    "hx-swap": swap.style ?? "outerMorph",
    "hx-status:4xx": onFailure,
    ...(swap.refused === undefined ? {} : { "hx-status:422": exchangeOf(swap.refused) }),
    "hx-status:5xx": onFailure,
    ...(swap.trigger === undefined ? {} : { "hx-trigger": swap.trigger }),
    // Otherwise a third change while the first is on its way would be dropped, and an earlier state stay on screen.
    ...(swap.background ? { "hx-sync": "replace" } : {}),
    ...(swap.push ? { "hx-push-url": "true" } : {}),
  };
}

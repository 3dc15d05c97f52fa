import type { Web } from "../web/env.ts";

/** Programs that open links to show what is behind them, or to look for harm, and say who they are. */
const PROGRAMS =
  /bot\b|crawl|spider|preview|scan|slurp|facebookexternalhit|whatsapp|telegram|skype|slack|discord|embedly|headless|python|curl|wget|okhttp|go-http|java\/|safelinks|proofpoint|mimecast|barracuda/i;
/** Safari, and every browser on an iPhone: they do not say whether a person clicked. https://webkit.org/b/247697 */
const WEBKIT = /AppleWebKit\/[\d.]+ \(KHTML, like Gecko\)(?!.*Chrom(?:e|ium)\/)/;

/**
 * Whether a request looks like a person who opened the page. A scanner's request mostly says nothing of how it came about; a HEAD is never
 * a person's; a browser that fetches ahead says so. A hint, no proof: some scanners are whole browsers.
 */
export function looksHuman(c: Web): boolean {
  if (c.req.method !== "GET" || c.req.header("Sec-Fetch-Mode") !== "navigate") return false;
  const target = c.req.header("Sec-Fetch-Dest");
  if (target !== undefined && target !== "document") return false;
  if (isFetchedAhead(c)) return false;
  const agent = c.req.header("User-Agent") ?? "";
  if (PROGRAMS.test(agent)) return false;
  return c.req.header("Sec-Fetch-User") === "?1" || WEBKIT.test(agent);
}

/** https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose, and what browsers said before it. */
function isFetchedAhead(c: Web): boolean {
  return ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"].some((name) =>
    /prefetch|prerender|preview/i.test(c.req.header(name) ?? ""),
  );
}

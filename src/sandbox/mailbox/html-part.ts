import { linksOf, replaceLinks } from "./links.ts";
import type { StoredMessage } from "./messages.ts";

/** What the frame around a message may do, on the element and again in the answer's own policy. */
export const FRAME_SANDBOX =
  "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

// A message opens its links beside the outbox, as a mail program does.
const LINK_TARGET = '<base target="_blank">';
const POLICY = [
  `sandbox ${FRAME_SANDBOX}`,
  "default-src 'none'",
  "img-src data: http: https:",
  "style-src 'unsafe-inline'",
  "frame-ancestors 'self'",
].join("; ");

/**
 * The HTML part as a page of its own, cut off from the outbox whatever it holds. Where link tracking was
 * asked for, its links go through `origin` first, as the real service's do.
 */
export function htmlPartResponse({ id, message }: StoredMessage, origin: string): Response {
  const html = message.html ?? "";
  const links = linksOf(message);
  const tracked = message.trackLinks === "HtmlAndText" || message.trackLinks === "HtmlOnly";
  const body = tracked ? replaceLinks(html, (link) => `${origin}/click/${id}/${links.indexOf(link)}`) : html;
  return new Response(withLinkTarget(body), {
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY },
  });
}

function withLinkTarget(html: string): string {
  const withHead = html.replace(/<head[^>]*>/i, (head) => `${head}${LINK_TARGET}`);
  return withHead === html ? `${LINK_TARGET}${html}` : withHead;
}

import type { Message } from "./message.ts";

const HREF = /(<a\b[^>]*?\bhref\s*=\s*)(?:"([^"]*)"|'([^']*)')/gi;
const PLAIN_LINK = /https?:\/\/[^\s<>"')\]]+/g;

/** Every web address a reader can follow, from the HTML and then the text part, each once. */
export function linksOf(message: Message): string[] {
  const inHtml = [...(message.html ?? "").matchAll(HREF)].map((match) => decode(match[2] ?? match[3] ?? ""));
  const inText = (message.text ?? "").match(PLAIN_LINK) ?? [];
  const links = [...inHtml, ...inText.map((link) => link.replace(/[.,;:!?]+$/, ""))];
  return [...new Set(links.filter((link) => /^https?:\/\//.test(link)))];
}

/** The HTML with each web address in an `<a href>` replaced by what `replace` makes of it. */
export function replaceLinks(html: string, replace: (link: string) => string): string {
  return html.replace(HREF, (whole, start: string, double?: string, single?: string) => {
    const link = decode(double ?? single ?? "");
    return /^https?:\/\//.test(link) ? `${start}"${encode(replace(link))}"` : whole;
  });
}

function decode(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function encode(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

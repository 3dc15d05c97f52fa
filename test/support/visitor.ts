import { type HTMLElement, parse } from "node-html-parser";

const REDIRECTS_LIMIT = 12;
/** A page that takes longer is as good as none. */
const PATIENCE_MS = 60_000;

/** A page that a visitor looks at. */
export type Page = {
  url: string;
  status: number;
  html: string;
  document: HTMLElement;
  /** What a person reads, white space folded. */
  text: string;
};

/** Field values of a form; an array sends the field several times, undefined takes it away, a file is chosen. */
type Fields = Record<string, string | string[] | File | undefined>;

type Upload = { name: string; fileName: string; text: string };

/** A person with a browser, without a browser: cookies, redirects, links and forms over plain HTTP. No script runs. */
export type Visitor = {
  page: Page;
  open: (url: string) => Promise<Page>;
  /** Presses the button whose words match, with its form's fields as they stand on the page, changed by `fields`. */
  press: (button: RegExp, fields?: Fields) => Promise<Page>;
  /** The same for a form with a file: its field `name` sends this text as a file. */
  upload: (button: RegExp, file: Upload, fields?: Fields) => Promise<Page>;
  /** Follows the link whose words match. */
  follow: (link: RegExp) => Promise<Page>;
  /** The same form sent `count` times at once, as by impatient clicks. Redirects are not followed. */
  pressAtOnce: (
    button: RegExp,
    count: number,
    fields?: Fields,
  ) => Promise<{ status: number; location: string | null }[]>;
};

/** `address` is where a proxy of ours would say that the visitor comes from. */
export function newVisitor(address?: string): Visitor {
  const jar = new Map<string, Map<string, string>>();
  const visitor: Visitor = {
    page: { url: "about:blank", status: 0, html: "", document: parse(""), text: "" },
    open: (url) =>
      go(new URL(url, visitor.page.url === "about:blank" ? undefined : visitor.page.url).toString(), {
        method: "GET",
      }),
    press(button, fields = {}) {
      const request = formRequest(visitor.page, button, fields);
      return go(request.url, request);
    },
    upload(button, file, fields = {}) {
      const request = formRequest(visitor.page, button, fields);
      const body = new FormData();
      for (const [name, value] of request.body ?? []) body.append(name, String(value));
      body.append(file.name, new Blob([file.text], { type: "text/csv" }), file.fileName);
      return go(request.url, { method: "POST", body });
    },
    follow(words) {
      const link = visitor.page.document.querySelectorAll("a").find((each) => words.test(fold(each.text)));
      const href = link?.getAttribute("href");
      if (!href)
        throw new Error(`no link ${words} on ${visitor.page.url}:\n${visitor.page.text.slice(0, 1500)}`);
      return visitor.open(href);
    },
    pressAtOnce(button, count, fields = {}) {
      const request = formRequest(visitor.page, button, fields);
      const send = async () => {
        const answer = await fetchOnce(request.url, request);
        await answer.arrayBuffer();
        return { status: answer.status, location: answer.headers.get("location") };
      };
      return Promise.all(Array.from({ length: count }, send));
    },
  };
  return visitor;

  async function go(url: string, request: Sent): Promise<Page> {
    let at = url;
    let next = request;
    for (let hop = 0; hop < REDIRECTS_LIMIT; hop++) {
      const answer = await fetchOnce(at, next);
      const location = answer.headers.get("location");
      if (answer.status < 300 || answer.status > 399 || location === null) return await look(at, answer);
      await answer.arrayBuffer();
      at = new URL(location, at).toString();
      if (answer.status !== 307 && answer.status !== 308) next = { method: "GET" };
    }
    throw new Error(`more than ${REDIRECTS_LIMIT} redirects from ${url}`);
  }

  async function look(url: string, answer: Response): Promise<Page> {
    const html = await answer.text();
    const document = parse(html);
    visitor.page = {
      url,
      status: answer.status,
      html,
      document,
      text: fold(document.querySelector("body")?.text ?? html),
    };
    return visitor.page;
  }

  async function fetchOnce(url: string, request: Sent): Promise<Response> {
    const { host } = new URL(url);
    const cookies = [...(jar.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
    const from = visitor.page.url === "about:blank" ? undefined : new URL(visitor.page.url).origin;
    const site = from === new URL(url).origin ? "same-origin" : "cross-site";
    const headers: Record<string, string> = {
      cookie: cookies,
      "sec-fetch-mode": "navigate",
      "sec-fetch-user": "?1",
      "sec-fetch-site": site,
    };
    if (request.method === "POST" && from) headers.origin = from;
    if (address) headers["x-forwarded-for"] = address;
    const answer = await fetch(url, {
      method: request.method,
      body: request.body ?? null,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    keepCookies(host, answer.headers.getSetCookie());
    return answer;
  }

  function keepCookies(host: string, lines: string[]): void {
    const kept = jar.get(host) ?? new Map<string, string>();
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf("="));
      const isGone = attributes.some(
        (each) => /^max-age=0$/i.test(each) || /^expires=Thu, 01 Jan 1970/i.test(each),
      );
      if (isGone) kept.delete(name);
      else kept.set(name, pair.slice(pair.indexOf("=") + 1));
    }
    jar.set(host, kept);
  }
}

type Sent = { method: "GET" | "POST"; body?: URLSearchParams | FormData };

function formRequest(page: Page, words: RegExp, fields: Fields): Sent & { url: string } {
  const button = page.document
    .querySelectorAll("button, input[type=submit]")
    .find(
      (each) =>
        words.test(fold(each.text) || (each.getAttribute("value") ?? "")) ||
        words.test(each.getAttribute("aria-label") ?? ""),
    );
  const formId = button?.getAttribute("form");
  const form = formId ? page.document.getElementById(formId) : button?.closest("form");
  if (!button || !form)
    throw new Error(`no button ${words} in a form on ${page.url}:\n${page.text.slice(0, 1500)}`);
  const inside = [
    ...form.querySelectorAll("input, select, textarea"),
    ...(form.id ? page.document.querySelectorAll(`[form="${form.id}"]`) : []),
  ];
  const values = new URLSearchParams();
  for (const element of new Set(inside))
    for (const [name, value] of valuesOf(element)) values.append(name, value);
  const own = button.getAttribute("name");
  if (own) values.append(own, button.getAttribute("value") ?? "");
  const files: [string, File][] = [];
  for (const [name, value] of Object.entries(fields)) {
    values.delete(name);
    if (value instanceof File) files.push([name, value]);
    else for (const each of value === undefined ? [] : [value].flat()) values.append(name, each);
  }
  const action = new URL(button.getAttribute("formaction") ?? form.getAttribute("action") ?? "", page.url);
  const method = (button.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get").toUpperCase();
  const isUpload = form.getAttribute("enctype") === "multipart/form-data";
  if (method === "POST")
    return { url: action.toString(), method, body: isUpload ? withFiles(values, files) : values };
  action.search = values.toString();
  return { url: action.toString(), method: "GET" };
}

function withFiles(values: URLSearchParams, files: readonly [string, File][]): FormData {
  const body = new FormData();
  for (const [name, value] of values) body.append(name, value);
  for (const [name, file] of files) body.append(name, file);
  return body;
}

/** The name and value pairs that a form control sends as it stands. */
function valuesOf(element: HTMLElement): [string, string][] {
  const name = element.getAttribute("name");
  if (!name || element.hasAttribute("disabled") || element.tagName === "BUTTON") return [];
  if (element.tagName === "TEXTAREA") return [[name, element.text]];
  if (element.tagName === "SELECT") {
    const options = element.querySelectorAll("option");
    const chosen = options.find((option) => option.hasAttribute("selected")) ?? options[0];
    return chosen ? [[name, chosen.getAttribute("value") ?? chosen.text]] : [];
  }
  const type = (element.getAttribute("type") ?? "text").toLowerCase();
  if (type === "submit" || type === "button" || type === "file") return [];
  if ((type === "checkbox" || type === "radio") && !element.hasAttribute("checked")) return [];
  return [[name, element.getAttribute("value") ?? (type === "checkbox" ? "on" : "")]];
}

function fold(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

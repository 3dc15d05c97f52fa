type Cookie = { name: string; value: string; path: string };

export type Browser = {
  get: (url: string) => Promise<Response>;
  /** A form as a browser sends it. */
  post: (url: string, fields: Record<string, string>) => Promise<Response>;
  /** Follows redirects until one leaves the origin, which is returned, or a page is shown. */
  follow: (response: Response) => Promise<{ url: string; response: Response | undefined }>;
};

const MAX_REDIRECTS = 10;

/** A browser without scripts: fetch with cookies that stay in their paths. */
export function createBrowser(origin: string): Browser {
  const jar = new Map<string, Cookie>();

  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const target = new URL(url, origin);
    const cookies = [...jar.values()].filter((cookie) => target.pathname.startsWith(cookie.path));
    const headers = new Headers(init.headers);
    headers.set("cookie", cookies.map(({ name, value }) => `${name}=${value}`).join("; "));
    const response = await fetch(target, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    return response;
  };
  const get = (url: string) => send(url, {});
  return {
    get,
    post: (url, fields) => send(url, { method: "POST", body: new URLSearchParams(fields) }),
    follow: async (first) => {
      let response = first;
      for (let count = 0; count < MAX_REDIRECTS; count += 1) {
        const location = response.headers.get("location");
        if (location === null) return { url: response.url, response };
        const next = new URL(location, response.url);
        if (next.origin !== origin) return { url: next.href, response: undefined };
        response = await get(next.href);
      }
      throw new Error("too many redirects");
    },
  };
}

function keep(jar: Map<string, Cookie>, line: string): void {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const [name = "", value = ""] = pair.split("=", 2);
  const attribute = (wanted: string) =>
    attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const path = attribute("path") ?? "/";
  const expires = attribute("expires");
  const gone = attribute("max-age") === "0" || (expires !== undefined && Date.parse(expires) < Date.now());
  if (gone) jar.delete(`${name} ${path}`);
  else jar.set(`${name} ${path}`, { name, value, path });
}

/** The address that a page's form posts to; the ending tells forms of one page apart. */
export function formAction(html: string, ending = ""): string {
  for (const match of html.matchAll(/<form[^>]*action="([^"]*)"/g)) {
    const action = match[1]?.replaceAll("&amp;", "&") ?? "";
    if (action.endsWith(ending)) return action;
  }
  throw new Error(`the page has no form that posts to …${ending}`);
}

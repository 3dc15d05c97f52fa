/** A person's browser at Docket: keeps cookies, follows redirects inside Docket, sends forms. */
export type Browser = {
  /** Opens an address; gives the page, or the address that left Docket. */
  open(address: string): Promise<Visit>;
  submit(address: string, fields: Record<string, string>): Promise<Visit>;
};

export type Visit = { address: string; text: string };

const REDIRECTS_LIMIT = 10;

/** A browser without any cookie yet. */
export function openBrowser(origin: string): Browser {
  const cookies = new Map<string, string>();
  const visit = async (address: string, init: RequestInit): Promise<Visit> => {
    let at = address;
    let request = init;
    for (let redirects = 0; redirects < REDIRECTS_LIMIT; redirects += 1) {
      const headers = new Headers(request.headers);
      headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
      const answer = await fetch(at, { ...request, headers, redirect: "manual" });
      keep(cookies, answer.headers.getSetCookie());
      const text = await answer.text();
      const location = answer.headers.get("location");
      if (location === null) return { address: at, text };
      at = new URL(location, at).href;
      if (new URL(at).origin !== origin) return { address: at, text };
      request = {};
    }
    throw new Error(`too many redirects on the way to ${at}`);
  };
  return {
    open: (address) => visit(address, {}),
    submit: (address, fields) =>
      visit(address, { method: "POST", headers: { origin }, body: new URLSearchParams(fields) }),
  };
}

function keep(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = ""] = line.split(";");
    const name = pair.slice(0, pair.indexOf("="));
    if (/expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, pair.slice(name.length + 1));
  }
}

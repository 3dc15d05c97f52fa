import { parse } from "node-html-parser";
import { beforeAll } from "vitest";
import { makeApp } from "../../src/app.tsx";
import { newId } from "../../src/base/id.ts";
import { cookieFor } from "../support/requests.ts";
import { useBulkStage } from "./stage.ts";

/** The stage with the app in front of it, as a signed-in member of staff uses it without a script. */
export function useBulkPages() {
  const bulk = useBulkStage();
  const { stage } = bulk;
  const signedIn = { cookie: "" };
  beforeAll(async () => {
    signedIn.cookie = await cookieFor(stage.staff);
  });

  const get = (path: string, cookie = signedIn.cookie) =>
    Promise.resolve(makeApp(stage.cx).request(path, { headers: { Cookie: cookie } }));
  const page = async (path: string, cookie?: string) => parse(await (await get(path, cookie)).text());
  const post = (path: string, fields: Record<string, string | string[] | File>, isUpload = false) => {
    const form = isUpload ? new FormData() : new URLSearchParams();
    for (const [name, values] of Object.entries(fields))
      for (const value of [values].flat()) {
        if (form instanceof FormData) form.append(name, value);
        else form.append(name, String(value));
      }
    return Promise.resolve(
      makeApp(stage.cx).request(path, {
        method: "POST",
        headers: { "Sec-Fetch-Site": "same-origin", Cookie: signedIn.cookie },
        body: form,
      }),
    );
  };
  const send = (text: string, change: Record<string, string | File> = {}) =>
    post(
      "/bulk",
      {
        formId: newId(),
        accountId: stage.firm.operatingAccountId,
        file: new File([text], "november.csv", { type: "text/csv" }),
        ...change,
      },
      true,
    );
  /** The grid as a browser would post it: every field as it stands, with some of them typed over. */
  const gridFields = async (path: string, change: Record<string, string | string[]> = {}) => {
    const form = (await page(path)).querySelector("form#grid");
    const fields: Record<string, string | string[]> = {};
    for (const input of form?.querySelectorAll("input") ?? []) {
      if (input.getAttribute("type") === "checkbox") continue;
      const name = input.getAttribute("name");
      if (name) fields[name] = input.getAttribute("value") ?? "";
    }
    return { ...fields, ...change };
  };

  return { ...bulk, signedIn, get, page, post, send, gridFields };
}

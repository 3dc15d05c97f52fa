import { expect, test } from "vitest";
import { useStage } from "../payments/stage.ts";

const stage = useStage();
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1";
const IPHONE_CHROME =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1";
const CLICK = { "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site" };

async function isViewed(headers: Record<string, string>, method = "GET"): Promise<boolean> {
  const link = await stage.makeLink();
  const response = await stage.app().request(stage.pathOf(link), { method, headers });
  expect(response.status).toBe(200);
  return (await stage.link(link.id)).first_viewed_at !== null;
}

test.each([
  ["a click in Chrome", { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": CHROME }],
  ["a click in Firefox", { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": FIREFOX }],
  ["Safari on an iPhone, which does not say who clicked", { ...CLICK, "User-Agent": IPHONE }],
  ["Chrome on an iPhone, which is Safari inside", { ...CLICK, "User-Agent": IPHONE_CHROME }],
])("%s is a view", async (_who, headers) => {
  expect(await isViewed(headers)).toBe(true);
});

test.each([
  ["a request that says nothing of itself", {}],
  ["a scanner that only names itself as a browser", { "User-Agent": CHROME }],
  ["a scanner that poses as an iPhone", { "User-Agent": IPHONE }],
  ["a browser that opens by itself", { ...CLICK, "User-Agent": CHROME }],
  ["a fetch ahead", { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": CHROME, "Sec-Purpose": "prefetch" }],
  [
    "a page rendered ahead",
    { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": CHROME, "Sec-Purpose": "prefetch;prerender" },
  ],
  ["an older fetch ahead", { ...CLICK, "User-Agent": IPHONE, Purpose: "prefetch" }],
  ["Firefox's fetch ahead", { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": FIREFOX, "X-Moz": "prefetch" }],
  ["Safari's page of favorites", { ...CLICK, "User-Agent": IPHONE, "X-Purpose": "preview" }],
  ["a frame", { ...CLICK, "Sec-Fetch-User": "?1", "Sec-Fetch-Dest": "iframe", "User-Agent": CHROME }],
  ["a script of a page", { "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty", "User-Agent": IPHONE }],
  ["Slack's preview", { "User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)" }],
  ["WhatsApp's preview", { "User-Agent": "WhatsApp/2.25.7 A" }],
  ["Facebook's preview", { "User-Agent": "facebookexternalhit/1.1" }],
  [
    "iMessage's preview",
    { ...CLICK, "User-Agent": `${IPHONE} facebookexternalhit/1.1 Facebot Twitterbot/1.0` },
  ],
  [
    "a crawler in a whole browser",
    { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": CHROME.replace("Chrome/", "HeadlessChrome/") },
  ],
  ["Outlook's preview", { "User-Agent": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5" }],
  ["a mail gateway", { "User-Agent": "python-requests/2.32.3" }],
])("%s is no view", async (_who, headers) => {
  expect(await isViewed(headers)).toBe(false);
});

test("a question for the head alone is no view, whoever asks", async () => {
  expect(await isViewed({ ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": CHROME }, "HEAD")).toBe(false);
});

test("who sends the form has seen the page, whatever the browser says of itself", async () => {
  const link = await stage.makeLink();
  await stage.post(stage.pathOf(link), { how: "full", method: "", receipt: "" });
  expect((await stage.link(link.id)).first_viewed_at).not.toBeNull();
});

test("opening a link changes nothing but its views", async () => {
  const link = await stage.makeLink();
  const headers = { ...CLICK, "Sec-Fetch-User": "?1", "User-Agent": CHROME };
  for (let count = 0; count < 3; count++) await stage.app().request(stage.pathOf(link), { headers });
  const { first_viewed_at: _first, last_viewed_at: _last, ...after } = await stage.link(link.id);
  const { first_viewed_at: _none, last_viewed_at: _neither, ...before } = link;
  expect(after).toEqual(before);
});

import { expect, test } from "vitest";
import { clientOf, message, openMailbox, openReceiver, sentMessages } from "./setup.ts";

test("the outbox lists what was sent, newest first, and finds an address", async () => {
  const mailbox = await openMailbox();
  const client = clientOf(mailbox);
  await client.sendEmail(message({ To: "one@payer.example", Subject: "First <request>" }));
  await client.sendEmail(message({ To: "two@payer.example", Subject: "Second request" }));
  const page = await text(`${mailbox.origin}/outbox`);
  expect(page.indexOf("Second request")).toBeLessThan(page.indexOf("First &lt;request&gt;"));
  const found = await text(`${mailbox.origin}/outbox?search=ONE@`);
  expect(found).toContain("First &lt;request&gt;");
  expect(found).not.toContain("Second request");
  expect(await text(`${mailbox.origin}/outbox?search=three`)).toContain("Nothing was sent to “three”.");
});

test("a list longer than a page leads on to the older messages", async () => {
  const mailbox = await openMailbox();
  const batch = Array.from({ length: 51 }, (_, index) => message({ Subject: `Request number ${index}.` }));
  await clientOf(mailbox).sendEmailBatch(batch);
  const first = await text(`${mailbox.origin}/outbox`);
  expect(first).not.toContain("Request number 0.");
  const older = /href="(\/outbox\?before=\d+)"/.exec(first)?.[1];
  expect(older).toBeDefined();
  const second = await text(`${mailbox.origin}${older}`);
  expect(second).toContain("Request number 0.");
  expect(second).not.toContain("Older messages");
});

test("a message's page shows its headers, parts and links, and no script can run in it", async () => {
  const mailbox = await openMailbox();
  const { MessageID } = await clientOf(mailbox).sendEmail(
    message({ TextBody: "Hello <b>you</b>", Tag: "request" }),
  );
  const response = await fetch(`${mailbox.origin}/outbox/${MessageID}`);
  const page = await response.text();
  expect(page).toContain("Hello &lt;b&gt;you&lt;/b&gt;");
  expect(page).toContain("adaeze@okafor.example");
  expect(page).toContain('href="https://pay.example/p/abc123?a=1&amp;b=2"');
  expect(page).toContain(
    'sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"',
  );
  const policy = response.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("script-src");
});

test("the HTML part is served under a policy of its own that cuts it off from the outbox", async () => {
  const mailbox = await openMailbox();
  const html =
    "<html><head><title>x</title></head><body><script>parent.location = '/'</script></body></html>";
  const { MessageID } = await clientOf(mailbox).sendEmail(message({ HtmlBody: html }));
  const response = await fetch(`${mailbox.origin}/outbox/${MessageID}/html`);
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(
    /^sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation;/,
  );
  expect(policy).not.toContain("allow-scripts");
  expect(policy).not.toContain("allow-same-origin");
  expect(await response.text()).toContain('<head><base target="_blank"/>'.replace("/>", ">"));
});

test("with link tracking a link leads through the service, which posts the click", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  const { MessageID } = await clientOf(mailbox).sendEmail(message({ TrackLinks: "HtmlAndText" }));
  const html = await text(`${mailbox.origin}/outbox/${MessageID}/html`);
  const tracked = /href="([^"]+)"/.exec(html)?.[1] ?? "";
  expect(tracked).toContain(`${mailbox.origin}/click/`);
  const redirect = await fetch(tracked, { redirect: "manual" });
  expect([redirect.status, redirect.headers.get("location")]).toEqual([
    302,
    "https://pay.example/p/abc123?a=1&b=2",
  ]);
  await expect
    .poll(() => received.map(({ body }) => body.OriginalLink))
    .toContain("https://pay.example/p/abc123?a=1&b=2");
});

test("the buttons let a message be opened, bounce and be written to again", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  const client = clientOf(mailbox);
  const { MessageID } = await client.sendEmail(message({ TrackOpens: true }));
  const press = (action: string) =>
    pressButton(mailbox.origin, `${MessageID}/${action}?recipient=adaeze@okafor.example`);
  expect((await press("open")).status).toBe(303);
  await expect.poll(() => received.map(({ body }) => body.RecordType)).toContain("Open");
  await press("bounce");
  await expect.poll(async () => (await sentMessages(mailbox))[0]?.recipients[0]?.state).toBe("bounced");
  expect(await text(`${mailbox.origin}/outbox/${MessageID}`)).toContain("Reactivate address");
  await expect(client.sendEmail(message())).rejects.toMatchObject({ code: 406 });
  await press("reactivate");
  await expect(client.sendEmail(message())).resolves.toMatchObject({ ErrorCode: 0 });
});

test("a message without open tracking cannot be marked as opened", async () => {
  const mailbox = await openMailbox();
  const { MessageID } = await clientOf(mailbox).sendEmail(message());
  expect(await text(`${mailbox.origin}/outbox/${MessageID}`)).not.toContain("Mark as opened");
  const response = await pressButton(mailbox.origin, `${MessageID}/open?recipient=adaeze@okafor.example`);
  expect(response.status).toBe(404);
});

test("a form on another site cannot press the buttons", async () => {
  const mailbox = await openMailbox();
  const { MessageID } = await clientOf(mailbox).sendEmail(message());
  const path = `${MessageID}/bounce?recipient=adaeze@okafor.example`;
  expect((await pressButton(mailbox.origin, path, "https://elsewhere.example")).status).toBe(403);
});

test("an unknown message is not found", async () => {
  const mailbox = await openMailbox();
  for (const path of ["outbox/none", "outbox/none/html", "click/none/0", "control/messages/none"]) {
    expect((await fetch(`${mailbox.origin}/${path}`)).status).toBe(404);
  }
});

function pressButton(origin: string, path: string, from = origin): Promise<Response> {
  const headers = { origin: from, "content-type": "application/x-www-form-urlencoded" };
  return fetch(`${origin}/outbox/${path}`, { method: "POST", headers, redirect: "manual" });
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}

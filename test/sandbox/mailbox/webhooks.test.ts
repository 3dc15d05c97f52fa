import type { Models } from "postmark";
import { expect, test } from "vitest";
import {
  type ControlMessage,
  clientOf,
  message,
  openMailbox,
  openReceiver,
  sentMessages,
  temporaryFolder,
} from "./setup.ts";

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/);
const READER = {
  Client: { Name: expect.any(String), Company: expect.any(String), Family: expect.any(String) },
  OS: { Name: expect.any(String), Company: expect.any(String), Family: expect.any(String) },
  Platform: "WebMail",
  UserAgent: expect.any(String),
  Geo: {
    CountryISOCode: "US",
    Country: expect.any(String),
    RegionISOCode: expect.any(String),
    Region: expect.any(String),
    City: expect.any(String),
    Zip: expect.any(String),
    Coords: expect.any(String),
    IP: expect.any(String),
  },
};

test("a delivery is posted in Postmark's shape, with the basic auth of the address", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({
    webhookUrl: `${origin.replace("//", "//postmark:s%40cret@")}/hooks/postmark`,
  });
  const { MessageID } = await clientOf(mailbox).sendEmail(
    message({ Tag: "request", Metadata: { link: "lnk_1" } }),
  );
  await expect.poll(() => received).toHaveLength(1);
  expect(received[0]?.authorization).toBe(`Basic ${Buffer.from("postmark:s@cret").toString("base64")}`);
  expect(received[0]?.body).toStrictEqual({
    RecordType: "Delivery",
    ServerID: 23,
    MessageStream: "outbound",
    MessageID,
    Recipient: "adaeze@okafor.example",
    Tag: "request",
    DeliveredAt: TIME,
    Details: expect.any(String),
    Metadata: { link: "lnk_1" },
  } satisfies Models.DeliveryWebhook);
  await expect.poll(() => firstEvent(mailbox)).toMatchObject({ state: "confirmed", attempts: 1 });
});

test("an address that begins with bounce bounces hard and is refused from then on", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  const client = clientOf(mailbox);
  const { MessageID } = await client.sendEmail(message({ To: "Bounce+7@payer.example" }));
  await expect.poll(() => received).toHaveLength(1);
  expect(received[0]?.body).toStrictEqual({
    RecordType: "Bounce",
    ID: expect.any(Number),
    Type: "HardBounce",
    TypeCode: 1,
    Name: "Hard bounce",
    Tag: "",
    MessageID,
    ServerID: 23,
    MessageStream: "outbound",
    Description: expect.any(String),
    Details: expect.any(String),
    Email: "bounce+7@payer.example",
    From: "billing@marlowkeane.example",
    BouncedAt: TIME,
    DumpAvailable: false,
    Inactive: true,
    CanActivate: true,
    Subject: "Payment request from Marlow Keane LLP",
    Metadata: {},
  } satisfies Models.BounceWebhook);
  await expect(client.sendEmail(message({ To: "bounce+7@payer.example" }))).rejects.toMatchObject({
    name: "InactiveRecipientsError",
    code: 406,
    statusCode: 422,
    recipients: ["bounce+7@payer.example"],
  });
});

test("inactive addresses beside others are named in the answer and left out", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  const answer = await clientOf(mailbox).sendEmail(
    message({ To: "reject@payer.example, ann@payer.example" }),
  );
  expect(answer).toMatchObject({ ErrorCode: 0, Message: expect.stringContaining("reject@payer.example") });
  await expect.poll(() => received).toHaveLength(1);
  expect(received[0]?.body).toMatchObject({ RecordType: "Delivery", Recipient: "ann@payer.example" });
  const [sent] = await sentMessages(mailbox);
  expect(sent?.recipients).toMatchObject([
    { address: "ann@payer.example", state: "delivered" },
    { address: "reject@payer.example", state: "suppressed" },
  ]);
});

test("an address that begins with soft bounces for now and can be written to again", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  await clientOf(mailbox).sendEmail(message({ To: "soft@payer.example" }));
  await expect.poll(() => received).toHaveLength(1);
  const bounce = { RecordType: "Bounce", Type: "SoftBounce", TypeCode: 4096, Inactive: false };
  expect(received[0]?.body).toMatchObject(bounce);
  await expect(clientOf(mailbox).sendEmail(message({ To: "soft@payer.example" }))).resolves.toMatchObject({
    ErrorCode: 0,
  });
});

test("an address that begins with complain is reached, complains and is refused from then on", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  await clientOf(mailbox).sendEmail(message({ To: "complain@payer.example" }));
  await expect
    .poll(() => received.map(({ body }) => body.RecordType).sort())
    .toEqual(["Delivery", "SpamComplaint"]);
  const complaint = received.find(({ body }) => body.RecordType === "SpamComplaint")?.body;
  expect(complaint).toMatchObject({
    Type: "SpamComplaint",
    TypeCode: 100001,
    Inactive: true,
    CanActivate: false,
  });
  expect(Object.keys(complaint ?? {})).toContain("BouncedAt");
  await expect(clientOf(mailbox).sendEmail(message({ To: "complain@payer.example" }))).rejects.toMatchObject({
    code: 406,
  });
});

test("an address that begins with slow takes delivery late", async () => {
  const mailbox = await openMailbox({
    delays: { deliveryMilliseconds: 0, slowDeliveryMilliseconds: 60_000 },
  });
  await clientOf(mailbox).sendEmail(message({ To: "slow@payer.example, ann@payer.example" }));
  await expect
    .poll(async () => (await sentMessages(mailbox))[0]?.recipients)
    .toMatchObject([
      { address: "ann@payer.example", state: "delivered" },
      { address: "slow@payer.example", state: "queued" },
    ]);
});

test("a failing receiver is asked again with the same body until it answers 200", async () => {
  const { received, origin } = await openReceiver([500, 302]);
  const mailbox = await openMailbox({ webhookUrl: origin });
  await clientOf(mailbox).sendEmail(message());
  await expect.poll(() => firstEvent(mailbox)).toMatchObject({ state: "confirmed", attempts: 3 });
  expect(received).toHaveLength(3);
  expect(new Set(received.map(({ body }) => JSON.stringify(body))).size).toBe(1);
});

test("a 403 stops the attempts, and so does the end of the schedule", async () => {
  const forbidding = await openReceiver([403]);
  const first = await openMailbox({ webhookUrl: forbidding.origin });
  await clientOf(first).sendEmail(message());
  await expect.poll(() => firstEvent(first)).toMatchObject({ state: "stopped", attempts: 1 });
  const failing = await openReceiver([500, 500, 500]);
  const second = await openMailbox({ webhookUrl: failing.origin, retryDelaysMilliseconds: [0, 0] });
  await clientOf(second).sendEmail(message());
  await expect.poll(() => firstEvent(second)).toMatchObject({ state: "stopped", attempts: 3 });
});

test("an event whose receiver was away is posted after a restart", async () => {
  const folder = await temporaryFolder();
  const gone = await openReceiver();
  await gone.close();
  const retryDelaysMilliseconds = [300, 300, 300];
  const before = await openMailbox({ folder, webhookUrl: gone.origin, retryDelaysMilliseconds });
  const { MessageID } = await clientOf(before).sendEmail(message());
  await expect.poll(() => firstEvent(before)).toMatchObject({ state: "pending", attempts: 1 });
  await before.close();
  const back = await openReceiver();
  await openMailbox({ folder, webhookUrl: back.origin, retryDelaysMilliseconds });
  await expect.poll(() => back.received.map(({ body }) => body.MessageID)).toEqual([MessageID]);
});

test("an opening and a click are posted in Postmark's shape, the first opening marked", async () => {
  const { received, origin } = await openReceiver();
  const mailbox = await openMailbox({ webhookUrl: origin });
  const { MessageID } = await clientOf(mailbox).sendEmail(message({ TrackOpens: true }));
  const happen = async (event: Record<string, unknown>, count: number) => {
    await fetch(`${mailbox.origin}/control/messages/${MessageID}/events`, {
      method: "POST",
      body: JSON.stringify(event),
    });
    await expect.poll(() => received).toHaveLength(count);
    return received[count - 1]?.body;
  };
  await expect.poll(() => received).toHaveLength(1);
  const about = {
    MessageID,
    MessageStream: "outbound",
    Tag: "",
    Metadata: {},
    Recipient: "adaeze@okafor.example",
  };
  expect(await happen({ kind: "open" }, 2)).toStrictEqual({
    RecordType: "Open",
    FirstOpen: true,
    ReceivedAt: TIME,
    ReadSeconds: expect.any(Number),
    ...about,
    ...READER,
  } satisfies Models.OpenWebhook);
  expect(await happen({ kind: "open" }, 3)).toMatchObject({ RecordType: "Open", FirstOpen: false });
  expect(await happen({ kind: "click", link: "https://pay.example/p/abc123" }, 4)).toStrictEqual({
    RecordType: "Click",
    ClickLocation: "HTML",
    OriginalLink: "https://pay.example/p/abc123",
    ReceivedAt: TIME,
    ...about,
    ...READER,
  });
});

async function firstEvent(
  mailbox: Parameters<typeof sentMessages>[0],
): Promise<ControlMessage["events"][number] | undefined> {
  return (await sentMessages(mailbox))[0]?.events[0];
}

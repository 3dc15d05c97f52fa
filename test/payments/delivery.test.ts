import { serve } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProcessor } from "../../src/stripe/client.ts";
import { card } from "../sandbox/processor/stand.ts";
import { appOf } from "./app.ts";
import { SECRET_KEY, useStage } from "./stage.ts";

const stage = useStage();
let server: ReturnType<typeof serve>;

/** Our webhook on a real port, with the secret that the processor made for it. */
beforeAll(async () => {
  let handle: (request: Request) => Response | Promise<Response> = () => new Response("", { status: 503 });
  const port = await new Promise<number>((resolve) => {
    server = serve({ fetch: (request) => handle(request), port: 0, hostname: "127.0.0.1" }, (info) =>
      resolve(info.port),
    );
  });
  const endpoint = await stage.stripe().webhookEndpoints.create({
    url: `http://127.0.0.1:${port}/hooks/stripe`,
    enabled_events: ["*"],
    connect: true,
  });
  const processor = openProcessor({
    STRIPE_SECRET_KEY: SECRET_KEY,
    STRIPE_API_BASE: stage.stage.running.origin,
    STRIPE_WEBHOOK_SECRET: endpoint.secret ?? "",
  });
  const app = appOf({ ...stage.stage.cx, processor });
  handle = (request) => app.fetch(request);
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

test("what the processor itself delivers, five times each and in disorder, is one payment", async () => {
  await stage.control("webhooks", { duplicate: 5, disorder: 200 });
  const link = await stage.makeLink();
  await stage.submit(await stage.begin(link), card());
  const types = async () =>
    (await stage.inFirm("select type from inbox_event order by type")).map((row) => row.type);
  await expect
    .poll(types, { timeout: 10_000 })
    .toEqual(["checkout.session.completed", "payment_intent.succeeded"]);
  await stage.drain();
  expect(await stage.link(link.id)).toMatchObject({ state: "payment_received" });
  expect(await stage.payments(link.id)).toHaveLength(1);
});

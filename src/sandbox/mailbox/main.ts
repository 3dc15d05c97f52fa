import { startCaptcha } from "../captcha/server.ts";
import { runAsProcess } from "../serve.ts";
import { startMailbox } from "./server.ts";

// The mail service and, beside it on a port of its own, the captcha verifier.
await runAsProcess(async () => {
  const { MAILBOX_PORT, MAILBOX_DATA, MAILBOX_TOKEN, MAILBOX_WEBHOOK_URL, CAPTCHA_PORT } = process.env;
  if (MAILBOX_DATA === undefined || MAILBOX_TOKEN === undefined) {
    throw new Error("MAILBOX_DATA (a folder) and MAILBOX_TOKEN must be set");
  }
  const captcha = await startCaptcha({ port: Number(CAPTCHA_PORT ?? 0) });
  const mailbox = await startMailbox({
    port: Number(MAILBOX_PORT ?? 0),
    folder: MAILBOX_DATA,
    token: MAILBOX_TOKEN,
    webhookUrl: MAILBOX_WEBHOOK_URL,
  });
  return {
    ...mailbox,
    captcha_origin: captcha.origin,
    captcha_port: captcha.port,
    close: async () => {
      await Promise.all([mailbox.close(), captcha.close()]);
    },
  };
});

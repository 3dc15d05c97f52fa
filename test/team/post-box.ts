import type { Mail, Message, SendOutcome } from "../../src/mail/port.ts";

/** A mail service that keeps what it is given, and answers as the test says. */
export type PostBox = Mail & { sent: Message[]; outcome: SendOutcome };

export function newPostBox(): PostBox {
  const box: PostBox = {
    sent: [],
    outcome: { outcome: "sent", messageId: "message-1" },
    send: async (message) => {
      box.sent.push(message);
      return box.outcome;
    },
  };
  return box;
}

/** The path of the sign-in link in the last message to an address. */
export function linkIn(box: PostBox, address: string): string {
  const text = box.sent.findLast((message) => message.to === address)?.text ?? "";
  const path = /\/signin\/link\/[\w-]{64}/.exec(text)?.[0];
  if (!path) throw new Error(`no sign-in link was sent to ${address}`);
  return path;
}

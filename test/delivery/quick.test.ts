import { afterEach, expect, test } from "vitest";
import { newId } from "../../src/base/id.ts";
import { queueEmail } from "../../src/delivery/queue.ts";
import { issueQuickLink } from "../../src/links/quick-issue.ts";
import { usePostOffice } from "./post-office.ts";

const { stage, read, pay, matter, sent, cx, send, deliver } = usePostOffice();

afterEach(() => {
  sent.splice(0);
});

const issue = () =>
  issueQuickLink(stage.staff, {
    formId: newId(),
    accountId: stage.firm.operatingAccountId,
    amount: "2,500.00",
    description: "Advice on the <lease>",
    invoiceNumber: "20391",
    payerName: "Elena Vasquez",
    payerEmails: ["elena@vasquezmail.example", "ines@vasquezmail.example"],
    message: "As we discussed.",
    delivery: "email",
  });

test("the request of a Quick Link goes to each address and says what it is for", async () => {
  const link = await issue();
  await deliver(link.request_id);
  expect(sent.map((message) => message.to)).toEqual([
    "elena@vasquezmail.example",
    "ines@vasquezmail.example",
  ]);
  expect(sent[0]?.text).toContain("Dear Elena Vasquez,\n\nAs we discussed.\n\nAmount due: $2,500.00");
  expect(sent[0]?.text).toContain("Advice on the <lease>, Invoice 20391: $2,500.00");
  expect(sent[0]?.html).toContain("Advice on the &lt;lease&gt;");
});

test("its receipt says what was paid for, by the statement once there is one", async () => {
  const link = await issue();
  const { statements } = await matter([{ balanceMinor: 250_000n }]);
  const [statement] = statements;
  const paymentId = await pay(link, [{ statementId: statement?.id ?? "", amountMinor: 250_000n }]);
  const receipt = async (intent: string) => {
    const request = { kind: "receipt", intent, toAddress: "elena@vasquezmail.example" } as const;
    const emailId = await read((tx) => queueEmail(tx, cx(), { ...request, linkId: link.id, paymentId }));
    await send(emailId ?? "");
    return sent.at(-1)?.text;
  };
  expect(await receipt("laid")).toContain(`Statement ${statement?.number}`);
  await read((tx) =>
    tx
      .updateTable("payment_allocation")
      .set({ statement_id: null })
      .where("payment_id", "=", paymentId)
      .execute(),
  );
  expect(await receipt("unlaid")).toContain("Advice on the <lease>, Invoice 20391: $2,500.00");
});

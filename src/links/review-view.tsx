import type { JSX } from "hono/jsx/jsx-runtime";
import { formatLongDay, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { Button } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, PageHeader, Panel, Section, Stack } from "../ui/layout.tsx";
import { KeyValues } from "../ui/lists.tsx";
import { Stepper } from "../ui/progress.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { AccountBadge } from "../ui/tags.tsx";
import type { DefaultAccounts } from "./choices.ts";
import type { ReminderStep } from "./compose-reminder-queries.ts";
import { planWords, reminderFields } from "./compose-reminder-view.tsx";
import { EmailPreview, isForTwoAccounts, RequestTotals, TwoAccounts, totalOf } from "./compose-view.tsx";
import { type Draft, draftFields } from "./draft.ts";
import { SEND_STEPS } from "./matters-view.tsx";
import { accountKindOf } from "./plan.ts";
import { hasTrust, TRUST_PART } from "./trust-part-view.tsx";

type ReviewViewProps = {
  draft: Draft;
  firmName: string;
  accounts: DefaultAccounts;
  /** The reminders that a link made now gets. */
  reminders: readonly ReminderStep[];
};

/** All of it once more, before anything happens. */
export function ReviewView({ draft, firmName, accounts, reminders }: ReviewViewProps): JSX.Element {
  const { typed, lines } = draft;
  const emailed = typed.delivery !== "copy";
  return (
    <>
      <PageHeader title="Review and send" detail="Nothing has been sent yet." />
      <Stepper steps={SEND_STEPS} current={2} />
      <PostForm
        action="/matters/send"
        class="split"
        companion="wide"
        fields={{ ...draftFields(draft), ...typedFields(draft) }}
      >
        <Stack gap="l">
          {isForTwoAccounts(lines) ? <TwoAccounts /> : null}
          <Panel id="review-facts" title="Who and how">
            <KeyValues
              facts={[
                { name: "Payer", value: typed.payerName },
                {
                  name: "Delivery",
                  value: emailed ? `By email to ${typed.payerEmails}` : "You copy the link yourself",
                },
                { name: "Due", value: typed.dueOn === "" ? "No due date" : formatLongDay(typed.dueOn) },
                ...(hasTrust(lines)
                  ? [
                      {
                        name: "Amount into trust",
                        value: typed.trustPart ? "The payer may pay another amount" : "As asked for",
                      },
                    ]
                  : []),
                ...(reminders.length === 0
                  ? []
                  : [
                      {
                        name: "Reminders",
                        value: typed.remindersOn ? planWords(reminders) : "None for this request",
                      },
                    ]),
              ]}
            />
          </Panel>
          <Section id="review-lines" title="What it asks for">
            <Lines draft={draft} accounts={accounts} />
          </Section>
          <ActionBar words={totalOf(lines)}>
            <Button name="step" value="edit">
              Change
            </Button>
            <Button kind="primary" name="step" value="send" icon={emailed ? "send" : "link"}>
              {emailed ? `Send request for ${totalOf(lines)}` : `Make link for ${totalOf(lines)}`}
            </Button>
          </ActionBar>
        </Stack>
        <div class="companion stack">
          <RequestTotals lines={lines} accounts={accounts} />
          {emailed ? <EmailPreview draft={draft} firmName={firmName} /> : null}
        </div>
      </PostForm>
    </>
  );
}

function Lines({ draft, accounts }: { draft: Draft; accounts: DefaultAccounts }): JSX.Element {
  return (
    <DataTable label="What it asks for" focusable>
      <TableHead>
        <Th>Item</Th>
        <Th>Matter</Th>
        <Th>Account</Th>
        <Th num>Balance</Th>
        <Th num>Asked</Th>
      </TableHead>
      <TableBody>
        {draft.lines.map(({ statement, amountMinor }) => {
          const kind = accountKindOf(statement);
          const money = (minor: bigint) => formatMoney({ minor, currency: statement.currency });
          return (
            <Row>
              <RowHead note={`Issued ${formatShortDay(statement.issuedOn)}`}>{statement.number}</RowHead>
              <Td label="Matter">{`${statement.matterNumber} ${statement.matterDescription}`}</Td>
              <Td label="Account">
                <AccountBadge kind={kind} last4={accounts[kind]} />
              </Td>
              <Td label="Balance" num>
                {money(statement.balanceMinor)}
              </Td>
              <Td label="Asked" amount>
                {money(amountMinor)}
              </Td>
            </Row>
          );
        })}
      </TableBody>
    </DataTable>
  );
}

/** What was typed, carried on to the sending or back to the boxes. */
function typedFields({ typed }: Draft): Record<string, string> {
  const { confirmAboveBalance, remindersOn, trustPart, ...texts } = typed;
  return {
    ...texts,
    ...reminderFields(remindersOn),
    ...(trustPart ? { [TRUST_PART]: "on" } : {}),
    ...(confirmAboveBalance ? { confirmAboveBalance: "on" } : {}),
  };
}

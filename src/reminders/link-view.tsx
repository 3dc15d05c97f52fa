import type { JSX } from "hono/jsx/jsx-runtime";
import { type Day, dayOf, formatShortDay } from "../base/day.ts";
import { formatMoney } from "../base/money.ts";
import { isClosed } from "../links/state.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { Breadcrumb, PageHeader, Panel, Section, Split, Stack } from "../ui/layout.tsx";
import { KeyValues, Timeline, type TimelineEntry } from "../ui/lists.tsx";
import { EmptyState, Notice } from "../ui/notices.tsx";
import { LinkTag } from "../ui/tags.tsx";
import type { Line, LinkReminders } from "./link-page.ts";
import {
  dayWords,
  HINDRANCE_WORDS,
  instantWords,
  SKIPPED_WORDS,
  STOP_WORDS,
  stepWords,
  timeWords,
} from "./step-words.ts";

type LinkRemindersProps = {
  reminders: LinkReminders;
  timeZone: string;
  mayChange: boolean;
  /** Names this page's button: pressed twice, one reminder goes out. */
  occurrence: string;
};

/** The reminders of one link: which went out, which will, which were passed over and why. */
export function LinkRemindersView(props: LinkRemindersProps): JSX.Element {
  const { link, lines } = props.reminders;
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: "Sent Pages", href: "/sent" },
          { label: link.reference, href: `/links/${link.id}` },
          { label: "Reminders" },
        ]}
      />
      <PageHeader
        title={`Reminders of ${link.reference}`}
        tag={<LinkTag state={link.state} />}
        detail={`${formatMoney({ minor: link.amount_minor, currency: link.currency })} from ${link.payer_name}`}
        actions={props.mayChange ? <Actions {...props} /> : null}
      />
      <Split companion="narrow">
        <Stack gap="l">
          <StopNotice {...props} />
          <BesideNotice {...props} />
          {lines.length === 0 ? (
            <Nothing {...props} />
          ) : (
            <Section id="dates" title="Dates" detail={nextWords(props)}>
              <Timeline entries={entriesOf(props)} />
            </Section>
          )}
        </Stack>
        <div class="companion stack">
          <Rules {...props} />
        </div>
      </Split>
    </>
  );
}

function Actions({ reminders, occurrence }: LinkRemindersProps): JSX.Element | null {
  const { link } = reminders;
  if (isClosed(link.state)) return null;
  const path = `/sent/${link.id}`;
  const canSwitchOn = reminders.plan !== undefined || reminders.hasFirmPlan;
  const isOn = link.reminders_on && reminders.plan !== undefined;
  return (
    <>
      {canRemind(reminders) ? (
        <PostForm action={`${path}/remind`} fields={{ occurrence }}>
          <Button icon="bell">Remind now</Button>
        </PostForm>
      ) : null}
      {isOn || canSwitchOn ? (
        <PostForm action={`${path}/reminders`} fields={{ on: isOn ? "no" : "yes" }}>
          <Button icon={isOn ? "pause" : "bell"}>{isOn ? "Turn reminders off" : "Turn reminders on"}</Button>
        </PostForm>
      ) : null}
    </>
  );
}

function canRemind({ stop, isReminded }: LinkReminders): boolean {
  return (stop === undefined || stop === "off") && !isReminded;
}

/** Says before anybody presses the button which other links the same email names. */
function BesideNotice({ reminders, mayChange }: LinkRemindersProps): JSX.Element | null {
  const { beside } = reminders;
  if (!mayChange || !canRemind(reminders) || beside.length === 0) return null;
  return (
    <Notice tone="info" title="“Remind now” names both links of this request in one email.">
      {beside.map((link) => (
        <>
          <a href={`/links/${link.id}`}>{link.reference}</a>
          {` asks for ${formatMoney({ minor: link.amount_minor, currency: link.currency })} into the ${link.account_kind} account. `}
        </>
      ))}
    </Notice>
  );
}

function StopNotice({ reminders, mayChange }: LinkRemindersProps): JSX.Element | null {
  const { link, stop } = reminders;
  if (stop === undefined) return null;
  const needsAddress = stop === "bounced" || stop === "no_address";
  return (
    <Notice
      tone={stop === "bounced" ? "bad" : "info"}
      title={STOP_WORDS[stop]}
      actions={
        needsAddress && mayChange ? (
          <ButtonLink href={`/links/${link.id}/correct`} size="s">
            {stop === "bounced" ? "Correct the address" : "Add an address"}
          </ButtonLink>
        ) : undefined
      }
    />
  );
}

function Nothing({ reminders }: LinkRemindersProps): JSX.Element {
  const { hasFirmPlan, plan } = reminders;
  return (
    <EmptyState icon="bell" title="No reminders for this link">
      {plan
        ? "The firm’s plan for it has no reminder that is switched on."
        : hasFirmPlan
          ? "Your firm sent none when the link was made. Turn them on, and the dates follow the firm’s present rules."
          : "Your firm sends none by itself. An administrator can switch them on in Settings."}
    </EmptyState>
  );
}

function nextWords({ reminders, timeZone }: LinkRemindersProps): string | undefined {
  if (reminders.nextAt === null) return undefined;
  return `Next: ${instantWords(reminders.nextAt, timeZone, reminders.today)}`;
}

function entriesOf({ reminders, timeZone }: LinkRemindersProps): TimelineEntry[] {
  const { link, today, stop } = reminders;
  const asked = link.asked_at ?? link.created_at;
  const entries: { at: Date; entry: TimelineEntry }[] = [
    {
      at: asked,
      entry: {
        icon: "send",
        title: link.send_count > 1 ? "Request, sent again" : link.send_count === 0 ? "Link made" : "Request",
        time: instantWords(asked, timeZone, today),
        dateTime: asked.toISOString(),
      },
    },
    {
      at: link.expires_at,
      entry: {
        icon: "s-expired",
        title: link.state === "expired" ? "Link expired" : "Link expires",
        time: dayWords(dayOf(link.expires_at, timeZone), today),
        dateTime: link.expires_at.toISOString(),
      },
    },
  ];
  const undated: TimelineEntry[] = [];
  // What is still open of a closed link will never be.
  const lines = isClosed(link.state)
    ? reminders.lines.filter((line) => line.kind === "sent" || line.kind === "skipped")
    : reminders.lines;
  for (const line of lines) {
    const entry = entryOf(line, timeZone, today, stop !== undefined);
    const at = line.kind === "hindered" ? line.step.at : line.at;
    if (at === undefined) undated.push(entry);
    else entries.push({ at, entry });
  }
  const dated = entries.sort((one, other) => one.at.getTime() - other.at.getTime());
  return [...dated.map(({ entry }) => entry), ...undated];
}

function entryOf(line: Line, timeZone: string, today: Day, isStopped: boolean): TimelineEntry {
  const title = line.step ? stepWords(line.step) : "Reminder by hand";
  switch (line.kind) {
    case "sent":
      return {
        icon: "check",
        tone: "good",
        title,
        time: instantWords(line.at, timeZone, today),
        dateTime: line.at.toISOString(),
        detail: line.byName === undefined ? "Sent" : `Sent by ${line.byName}`,
      };
    case "skipped":
      return {
        icon: "s-off",
        title,
        time: dayWords(dayOf(line.at, timeZone), today),
        dateTime: line.at.toISOString(),
        detail: SKIPPED_WORDS[line.reason],
      };
    case "planned":
      return {
        icon: isStopped ? "pause" : "bell",
        tone: isStopped ? undefined : "info",
        title,
        time: dayWords(line.day, today),
        dateTime: line.at.toISOString(),
        detail: isStopped
          ? "Held back"
          : timeWords({ at: line.at, movedFrom: line.step.movedFrom }, timeZone, today),
      };
    case "hindered":
      return {
        icon: "s-off",
        title,
        time: line.step.day && dayWords(line.step.day, today),
        detail: HINDRANCE_WORDS[line.hindrance],
      };
  }
}

function Rules({ reminders, timeZone }: LinkRemindersProps): JSX.Element {
  const { link, plan } = reminders;
  return (
    <Panel id="rules" title="Rules of this link">
      <KeyValues
        facts={[
          { name: "Reminders", value: plan === undefined ? "None" : link.reminders_on ? "On" : "Off" },
          { name: "Due", value: link.due_on === null ? "No due date" : formatShortDay(link.due_on) },
          {
            name: "Expires",
            value: formatShortDay(dayOf(link.expires_at, timeZone)),
          },
          { name: "Time zone", value: timeZone.replaceAll("_", " ") },
        ]}
      />
      <p class="soft">
        A link keeps the rules that stood when it was made. Sending it again, correcting its address or
        editing its expiry moves the dates. At most one reminder goes out on a day.
      </p>
    </Panel>
  );
}

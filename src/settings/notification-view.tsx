import type { JSX } from "hono/jsx/jsx-runtime";
import { Check } from "../ui/choices.tsx";
import { Explanation, TextField } from "../ui/fields.tsx";
import { Details } from "../ui/layout.tsx";
import { SettingsPage } from "../ui/settings-page.tsx";
import {
  EVENT_LABELS,
  firstHearers,
  NOTICE_EVENTS,
  type NoticeEvent,
  type NoticeMember,
  type Notifications,
} from "./notifications.ts";
import { SectionForm, type SectionProps } from "./section-form.tsx";

type NotificationProps = Omit<SectionProps, "typed"> & {
  typed: Notifications;
  members: readonly NoticeMember[];
};

/** Settings, Notifications: who gets an email about what. */
export function NotificationView(props: NotificationProps): JSX.Element {
  const { typed, errors = {} } = props;
  return (
    <SettingsPage
      {...props}
      current="notifications"
      title="Notifications"
      aside={props.lastChange}
      reach="These hold at once, also for links already sent. An email to a member names no client in its subject."
    >
      <SectionForm action="/settings/notifications" seen={props.seen} save="Save notifications">
        {NOTICE_EVENTS.map((event) => (
          <EventRule event={event} {...props} />
        ))}
        <TextField
          name="expiryDays"
          label="Tell of a link that is about to expire"
          hint="Days beforehand, from 0 to 30; 0 for never"
          value={typed.expiryDays}
          inputmode="numeric"
          width="short"
          error={errors.expiryDays}
        />
        <Check
          name="copies"
          label="Who sends a request gets a copy of it"
          hint="The copy’s link cannot be used to pay"
          checked={typed.copiesToSender}
        />
      </SectionForm>
    </SettingsPage>
  );
}

function EventRule({
  event,
  typed,
  members,
  errors,
}: NotificationProps & { event: NoticeEvent }): JSX.Element {
  const rule = typed.rules[event];
  const chosen = members.filter((member) => rule.memberIds.includes(member.id));
  const error = errors?.[event];
  return (
    <fieldset class="field" data-invalid={error ? "" : undefined}>
      <legend>{EVENT_LABELS[event]}</legend>
      <Explanation id={event} error={error} />
      <Check
        name={`sender-${event}`}
        id={event}
        label={event === "difference" ? `Tell ${firstHearers(event)}` : "Tell who sent the link"}
        checked={rule.toSender}
      />
      <Details
        summary={
          chosen.length === 0 ? (
            <>
              Tell others as well<span class="visually-hidden">: {EVENT_LABELS[event]}</span>
            </>
          ) : (
            `Also told: ${chosen.map((member) => member.name).join(", ")}`
          )
        }
        open={error !== undefined}
      >
        {members.map((member) => (
          <Check
            name={`member-${event}`}
            id={`${event}-${member.id}`}
            value={member.id}
            label={member.name}
            checked={rule.memberIds.includes(member.id)}
          />
        ))}
      </Details>
    </fieldset>
  );
}

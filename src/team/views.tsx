import type { JSX } from "hono/jsx/jsx-runtime";
import { formatAgo } from "../base/day.ts";
import { ROLES, type Role } from "../base/permission.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { SelectField, TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { PageHeader, Panel, Split, Stack } from "../ui/layout.tsx";
import { roleWord, SettingsNav } from "../ui/nav.tsx";
import type { FieldErrors } from "../ui/notices.tsx";
import { DataTable, Row, RowHead, TableBody, TableHead, Td, Th } from "../ui/table.tsx";
import { Tag } from "../ui/tags.tsx";
import type { TeamRow } from "./queries.ts";
import type { SignInOffer } from "./sign-in.ts";

const ROLE_OPTIONS = ROLES.map((role) => ({ value: role, label: roleWord(role) }));

/** Where a member says who they are. `systems` are matter systems that can sign them in. */
export function SignInCard(props: {
  email: string;
  next: string;
  systems: { key: string; name: string }[];
  errors?: FieldErrors | undefined;
}): JSX.Element {
  return (
    <>
      <h1>Sign in</h1>
      <PostForm action="/signin" class="stack" fields={{ next: props.next }}>
        <TextField
          name="email"
          label="Work email"
          type="email"
          value={props.email}
          autocomplete="username"
          error={props.errors?.email}
        />
        <Button kind="primary" wide>
          Email me a sign-in link
        </Button>
      </PostForm>
      {props.systems.length > 0 ? <p class="divider">or</p> : null}
      {props.systems.map((system) => (
        <PostForm action={`/signin/start/${system.key}`} fields={{ next: props.next }}>
          <Button wide>Continue with {system.name}</Button>
        </PostForm>
      ))}
    </>
  );
}

/** What stands after the address was given: the same words for known and unknown ones. */
export function LinkSentCard(props: { email: string }): JSX.Element {
  return (
    <>
      <h1>Check your email</h1>
      <p>
        If <bdi>{props.email}</bdi> belongs to a member of a firm, a sign-in link is on its way. It works
        once, within 10 minutes.
      </p>
      <ButtonLink href="/signin">Use another address</ButtonLink>
    </>
  );
}

/** The page behind a sign-in link: nothing is used up until the button is pressed. */
export function ConfirmCard(props: { token: string; offer: SignInOffer }): JSX.Element {
  const { offer } = props;
  const [only] = offer.memberships;
  return (
    <>
      <h1>Sign in as {offer.name}?</h1>
      <p class="soft">
        <bdi>{offer.email}</bdi>
      </p>
      <PostForm action={`/signin/link/${props.token}`} class="stack">
        {offer.memberships.length > 1 ? (
          <Choices
            label="Which firm?"
            name="firm"
            value={only?.firmId}
            choices={offer.memberships.map((each) => ({ value: each.firmId, title: each.firmName }))}
          />
        ) : (
          <input type="hidden" name="firm" value={only?.firmId ?? ""} />
        )}
        <Button kind="primary" wide>
          {offer.memberships.length === 1 && only ? `Sign in to ${only.firmName}` : "Sign in"}
        </Button>
      </PostForm>
    </>
  );
}

export type InviteValues = { name: string; email: string; role: string };

/** Settings, Team: who is in the firm, with which role, and the form that invites. */
export function TeamPage(props: {
  me: { id: string; name: string; role: Role };
  team: TeamRow[];
  now: Date;
  values: InviteValues;
  errors?: FieldErrors | undefined;
}): JSX.Element {
  return (
    <>
      <PageHeader title="Team" detail="Who may use Send for Payment in this firm, and what they may do." />
      <Split companion="lead">
        <SettingsNav current="team" member={props.me} />
        <Stack gap="xl">
          <DataTable label="Members">
            <TableHead>
              <Th>Name</Th>
              <Th>Role</Th>
              <Th>Last seen</Th>
              <Th hidden>Actions</Th>
            </TableHead>
            <TableBody>
              {props.team.map((member) => (
                <MemberRow member={member} isMe={member.id === props.me.id} now={props.now} />
              ))}
            </TableBody>
          </DataTable>
          <Panel id="invite" title="Invite a member">
            <PostForm action="/settings/team/invite" class="stack">
              <TextField
                name="name"
                label="Name"
                value={props.values.name}
                error={props.errors?.name}
                autocomplete="off"
              />
              <TextField
                name="email"
                label="Work email"
                type="email"
                value={props.values.email}
                error={props.errors?.email}
                autocomplete="off"
              />
              <SelectField
                name="role"
                label="Role"
                value={props.values.role}
                options={ROLE_OPTIONS}
                error={props.errors?.role}
              />
              <Button kind="primary">Send invitation</Button>
            </PostForm>
          </Panel>
        </Stack>
      </Split>
    </>
  );
}

function MemberRow(props: { member: TeamRow; isMe: boolean; now: Date }): JSX.Element {
  const { member } = props;
  return (
    <Row>
      <RowHead note={member.email}>{member.name}</RowHead>
      <Td label="Role">
        <PostForm action={`/settings/team/${member.id}/role`} class="cluster">
          <select
            class="input"
            data-size="s"
            data-width="auto"
            name="role"
            aria-label={`Role of ${member.name}`}
          >
            {ROLE_OPTIONS.map((option) => (
              <option value={option.value} selected={option.value === member.role}>
                {option.label}
              </option>
            ))}
          </select>
          <Button size="s">Change</Button>
        </PostForm>
      </Td>
      <Td label="Last seen">
        {member.state === "invited" ? (
          <Tag tone="info" icon="mail">
            Invited
          </Tag>
        ) : member.last_seen_at ? (
          formatAgo(member.last_seen_at, props.now)
        ) : (
          "Never"
        )}
      </Td>
      <Td>
        {props.isMe ? (
          <small class="soft">This is you</small>
        ) : (
          <ButtonLink href={`/settings/team/${member.id}/remove`} size="s">
            Remove
          </ButtonLink>
        )}
      </Td>
    </Row>
  );
}

/** The question before a member is removed. */
export function RemovePage(props: { member: TeamRow; firmName: string }): JSX.Element {
  return (
    <>
      <PageHeader
        title={`Remove ${props.member.name}?`}
        detail={`They are signed out of ${props.firmName} at once. What they did stays on record.`}
      />
      <PostForm action={`/settings/team/${props.member.id}/remove`} class="cluster">
        <Button kind="danger">Remove {props.member.name}</Button>
        <ButtonLink href="/settings/team">Keep</ButtonLink>
      </PostForm>
    </>
  );
}

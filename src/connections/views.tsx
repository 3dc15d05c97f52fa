// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { formatAgo } from "../base/day.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { ActionBar, PageHeader, Section, Split, Stack } from "../ui/layout.tsx";
import { Capabilities } from "../ui/lists.tsx";
import { type Member, SettingsNav } from "../ui/nav.tsx";
import { type FieldErrors, Notice } from "../ui/notices.tsx";
import { Tag } from "../ui/tags.tsx";
import type { ConnectionSummary, SystemSummary } from "./list-connections.ts";
import { PostingForm } from "./posting-view.tsx";
import { type ConnectionState, canMove } from "./state.ts";
import { Reading, UnreadableRecords } from "./sync-view.tsx";

export type ConnectionsProps = {
  member: Member;
  connections: readonly ConnectionSummary[];
  systems: readonly SystemSummary[];
  now: Date;
  nonce: string;
  /** What was wrong with the posting choices of one connection. */
  failed?: { connectionId: string; release: string; postedDate: string; errors: FieldErrors } | undefined;
};

/** The settings page of connections: each with what it does and how it stands, then the systems that can be connected. */
export function ConnectionsView(props: ConnectionsProps): JSX.Element {
  const open = props.connections.filter((connection) => connection.state !== "disconnected");
  const connected = new Set(open.map((connection) => connection.connector));
  return (
    <>
      <PageHeader
        title="Settings"
        detail="These apply to every new request of the firm. Links already sent keep what they were sent with."
      />
      <Split companion="lead">
        <SettingsNav current="connections" member={props.member} />
        <Section
          id="connections"
          title="Connections"
          detail={<p>Where matters are read and where received money is written</p>}
        >
          <Stack gap="l">
            <ul class="cards" role="list">
              {open.map((connection) => (
                <ConnectionCard {...props} connection={connection} />
              ))}
              {props.systems.map((system) => (
                <SystemCard system={system} isAnother={connected.has(system.key)} />
              ))}
            </ul>
          </Stack>
        </Section>
      </Split>
    </>
  );
}

/** The question before a connection is ended, with what follows from it. */
export function DisconnectView(props: { connection: ConnectionSummary }): JSX.Element {
  const { connection } = props;
  return (
    <>
      <PageHeader title={`Disconnect ${connection.systemName}?`} detail={connection.accountName} />
      <Notice tone="warn" title="What happens then">
        <ul>
          <li>Matters and statements of {connection.systemName} are no longer read or offered.</li>
          <li>Links already sent can still be paid.</li>
          <li>Payments that are not written yet wait until you connect again, or are entered by hand.</li>
          <li>Our access at {connection.systemName} is ended.</li>
        </ul>
      </Notice>
      <PostForm action={`/settings/connections/${connection.id}/disconnect`}>
        <ActionBar words="Nothing that was received or written is lost.">
          <ButtonLink href="/settings/connections">Keep it</ButtonLink>
          <Button kind="danger">Disconnect {connection.systemName}</Button>
        </ActionBar>
      </PostForm>
    </>
  );
}

/** Says why an authorisation was not completed. */
export function AuthorizationFailedView(props: {
  connector: string;
  systemName: string;
  message: string;
}): JSX.Element {
  return (
    <>
      <PageHeader title={`${props.systemName} was not connected`} />
      <Notice tone="bad" role="alert">
        <p>{props.message}</p>
      </Notice>
      <PostForm action={`/connections/start/${props.connector}`}>
        <div class="cluster">
          <Button kind="primary">Try again</Button>
          <ButtonLink href="/settings/connections">Back to Connections</ButtonLink>
        </div>
      </PostForm>
    </>
  );
}

const TAGS: Record<ConnectionState, JSX.Element> = {
  authorized: (
    <Tag icon="s-done" tone="good">
      Connected
    </Tag>
  ),
  needs_authorization: (
    <Tag icon="s-alert" tone="warn">
      Authorize again
    </Tag>
  ),
  paused: <Tag icon="pause">Paused</Tag>,
  disconnected: <Tag icon="s-open">Not connected</Tag>,
};

function ConnectionCard(props: ConnectionsProps & { connection: ConnectionSummary }): JSX.Element {
  const { connection } = props;
  return (
    <li class="panel connector" id={`connection-${connection.id}`}>
      <CardHead name={connection.systemName} detail={connection.accountName} tag={TAGS[connection.state]} />
      <div class="panel-body stack" data-gap="s">
        {connection.stateReason ? (
          <Notice tone="warn">
            <p>{connection.stateReason} Payments are kept and will be written afterwards.</p>
          </Notice>
        ) : null}
        <p class="soft">
          {connection.lastSyncedAt
            ? `Last read completely ${formatAgo(connection.lastSyncedAt, props.now)}.`
            : "Not read completely yet."}
        </p>
        <Reading connection={connection} nonce={props.nonce} />
        <UnreadableRecords connection={connection} />
        <Capabilities list={connection.capabilities} />
        {connection.canWrite ? <PostingForm connection={connection} failed={props.failed} /> : null}
      </div>
      <CardActions connection={connection} />
    </li>
  );
}

function CardActions({ connection }: { connection: ConnectionSummary }): JSX.Element {
  const { state, id } = connection;
  const path = `/settings/connections/${id}`;
  // A firm can have several connections to one system: the account tells them apart.
  const of = <span class="visually-hidden">, {connection.accountName}</span>;
  return (
    <div class="panel-foot cluster">
      {state === "authorized" ? (
        <PostForm action={`/connections/${id}/sync`} fields={{ next: "/settings/connections" }}>
          <Button size="s" icon="refresh">
            Sync now{of}
          </Button>
        </PostForm>
      ) : null}
      <PostForm action={`/connections/start/${connection.connector}`} fields={{ connection: id }}>
        <Button size="s" kind={state === "needs_authorization" ? "primary" : undefined}>
          Reauthorize{of}
        </Button>
      </PostForm>
      {canMove(state, "pause") ? (
        <PostForm action={`${path}/pause`}>
          <Button size="s">Pause{of}</Button>
        </PostForm>
      ) : null}
      {canMove(state, "resume") ? (
        <PostForm action={`${path}/resume`}>
          <Button size="s" kind="primary">
            Resume{of}
          </Button>
        </PostForm>
      ) : null}
      <ButtonLink size="s" href={`${path}/disconnect`}>
        Disconnect{of}
      </ButtonLink>
    </div>
  );
}

function SystemCard({ system, isAnother }: { system: SystemSummary; isAnother: boolean }): JSX.Element {
  return (
    <li class="panel connector">
      <CardHead
        name={system.name}
        detail={isAnother ? "Another account" : "Matters and billing"}
        tag={TAGS.disconnected}
      />
      <div class="panel-body stack" data-gap="s">
        <Capabilities list={system.capabilities} />
      </div>
      <div class="panel-foot cluster">
        <PostForm action={`/connections/start/${system.key}`}>
          <Button size="s" kind={isAnother ? undefined : "primary"}>
            {isAnother ? "Connect another account" : "Connect"}
            <span class="visually-hidden">, {system.name}</span>
          </Button>
        </PostForm>
      </div>
    </li>
  );
}

function CardHead(props: { name: string; detail: string; tag: JSX.Element }): JSX.Element {
  return (
    <div class="panel-head">
      <span class="cluster">
        <span class="connector-mark" aria-hidden="true">
          {props.name.slice(0, 1)}
        </span>
        <span>
          <strong>{props.name}</strong>
          <br />
          <small class="soft">{props.detail}</small>
        </span>
      </span>
      {props.tag}
    </div>
  );
}

import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Check } from "../ui/choices.tsx";
import { TextField } from "../ui/fields.tsx";
import { PostForm } from "../ui/form.tsx";
import { Breadcrumb, Cluster, PageHeader, Panel, Stack } from "../ui/layout.tsx";
import { EmptyState, type FieldErrors } from "../ui/notices.tsx";
import { type Place, placeHref } from "./list-address.ts";
import { prefixed } from "./saved-view-menu-view.tsx";
import type { SavedView } from "./saved-view-queries.ts";
import { viewHref } from "./saved-view-state.ts";

const SHARE_HINT = "Everybody in the firm finds it. Only you change it.";

export type NewViewProps = {
  formId: string;
  place: Place;
  /** The filters that it keeps, in words. */
  words: string;
  typed: { name: string; isShared: boolean };
  errors: FieldErrors;
};

/** The form that saves the list on screen under a name. */
export function NewView(props: NewViewProps): JSX.Element {
  return (
    <>
      <Crumbs last="Save this view" />
      <PageHeader
        title="Save this view"
        detail={`Filters: ${props.words}. Order and columns are kept as well.`}
      />
      <PostForm action="/sent/views" fields={{ formId: props.formId, ...prefixed(props.place) }}>
        <Stack>
          <TextField name="name" label="Name" value={props.typed.name} error={props.errors.name} autofocus />
          <Check name="shared" label="Share with the firm" hint={SHARE_HINT} checked={props.typed.isShared} />
          <Cluster>
            <Button kind="primary">Save view</Button>
            <ButtonLink href={placeHref(props.place)}>Back to the list</ButtonLink>
          </Cluster>
        </Stack>
      </PostForm>
    </>
  );
}

export type ViewsProps = {
  views: readonly SavedView[];
  /** The view whose form came back, what was typed and what is wrong with it. */
  failed: { viewId: string; name: string; isShared: boolean; errors: FieldErrors } | undefined;
};

/** A member's own views: rename, share, delete. */
export function ViewsPage({ views, failed }: ViewsProps): JSX.Element {
  return (
    <>
      <Crumbs last="Your views" />
      <PageHeader
        title="Your views"
        detail="A view keeps filters, order and columns. Deleting one deletes no link."
      />
      {views.length === 0 ? (
        <EmptyState
          icon="eye"
          title="No saved views yet"
          actions={<ButtonLink href="/sent">Open Sent Pages</ButtonLink>}
        >
          Filter the list as you need it, then choose Views and Save this view.
        </EmptyState>
      ) : (
        <Stack>
          {views.map((view) => (
            <ViewPanel view={view} failed={failed?.viewId === view.id ? failed : undefined} />
          ))}
        </Stack>
      )}
    </>
  );
}

function ViewPanel({ view, failed }: { view: SavedView; failed: ViewsProps["failed"] }): JSX.Element {
  return (
    <Panel id={`view-${view.id}`} title={view.name} aside={<a href={viewHref(view)}>Open</a>}>
      <PostForm action={`/sent/views/${view.id}`} id={`change-${view.id}`}>
        <Stack gap="s">
          <TextField
            name="name"
            // The field whose form came back is the one that the summary leads to.
            id={failed ? "name" : `name-${view.id}`}
            label="Name"
            value={failed?.name ?? view.name}
            error={failed?.errors.name}
          />
          <Check
            name="shared"
            label="Share with the firm"
            hint={SHARE_HINT}
            checked={failed?.isShared ?? view.is_shared}
          />
          <Cluster>
            <Button>Save changes</Button>
            <Button kind="danger" formAction={`/sent/views/${view.id}/delete`}>
              Delete view
            </Button>
          </Cluster>
        </Stack>
      </PostForm>
    </Panel>
  );
}

function Crumbs({ last }: { last: string }): JSX.Element {
  return <Breadcrumb crumbs={[{ label: "Sent Pages", href: "/sent" }, { label: last }]} />;
}

// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { PostForm } from "../ui/form.tsx";
import { Icon } from "../ui/icons.tsx";
import { Menu } from "../ui/menu.tsx";
import { type Place, placeHref, placeParts } from "./list-address.ts";
import type { SavedView } from "./saved-view-queries.ts";
import { differs, viewHref } from "./saved-view-state.ts";

type ViewMenuProps = { views: readonly SavedView[]; place: Place; memberId: string };

/** The saved views to choose from, and the way to save what is on screen. */
export function ViewMenu({ views, place, memberId }: ViewMenuProps): JSX.Element {
  const current = views.find((view) => view.id === place.viewId);
  const own = views.filter((view) => view.member_id === memberId);
  const shared = views.filter((view) => view.member_id !== memberId);
  const canReplace = current !== undefined && current.member_id === memberId && differs(current, place);
  return (
    <Menu id="views" label={current === undefined ? "Views" : `View: ${current.name}`} icon="eye">
      <div class="menu-panel">
        <div class="panel-body stack" data-gap="s">
          {views.length === 0 ? (
            <p class="soft">A view keeps filters, order and columns under a name.</p>
          ) : null}
          <ViewList label="Your views" views={own} currentId={current?.id} />
          <ViewList label="Shared in the firm" views={shared} currentId={current?.id} />
          {current === undefined ? null : (
            <ButtonLink href="/sent" kind="quiet" size="s">
              Leave this view
            </ButtonLink>
          )}
        </div>
        <div class="panel-foot cluster" data-spread="">
          {own.length === 0 ? null : (
            <ButtonLink href="/sent/views" size="s">
              Manage views
            </ButtonLink>
          )}
          {canReplace ? (
            <PostForm action={`/sent/views/${current.id}/replace`} fields={prefixed(place)}>
              <Button size="s">{`Save to “${current.name}”`}</Button>
            </PostForm>
          ) : null}
          <ButtonLink href={placeHref(place, "/sent/views/new")} size="s">
            Save this view…
          </ButtonLink>
        </div>
      </div>
    </Menu>
  );
}

function ViewList(props: {
  label: string;
  views: readonly SavedView[];
  currentId: string | undefined;
}): JSX.Element | null {
  if (props.views.length === 0) return null;
  return (
    <div>
      <h2>{props.label}</h2>
      <ul role="list">
        {props.views.map((view) => (
          <li>
            <ButtonLink href={viewHref(view)} kind="quiet" size="s">
              {view.id === props.currentId ? <Icon name="check" /> : null}
              {view.name}
              {view.id === props.currentId ? <span class="visually-hidden">, on screen</span> : null}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A place as hidden fields that no field of a form is mistaken for. */
export function prefixed(place: Place): Record<string, string> {
  return Object.fromEntries(
    Object.entries(placeParts(place)).map(([name, value]) => [`place.${name}`, value]),
  );
}

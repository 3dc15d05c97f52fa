// biome-ignore-all lint/a11y/noRedundantRoles: without it Safari does not call an unmarked list a list.
import type { JSX } from "hono/jsx/jsx-runtime";
import { Button, LinkButton } from "../ui/buttons.tsx";
import { Icon } from "../ui/icons.tsx";
import { Menu } from "../ui/menu.tsx";
import { arrange, COLUMN_KEYS, COLUMN_TITLES, type ColumnKey, FIXED_COLUMN } from "./columns-catalog.ts";
import { type Place, placeParts } from "./list-address.ts";

type ConfiguratorProps = {
  columns: readonly ColumnKey[];
  place: Place;
  open: boolean;
  /** The member's own saved view on screen, which takes the choice. */
  viewName: string | undefined;
};

/**
 * Which columns are shown and in which order. Without a script each arrow is a form that moves and saves; with it rows move at once,
 * also by dragging, and are saved together.
 */
export function ColumnConfigurator(props: ConfiguratorProps): JSX.Element {
  const { columns } = props;
  return (
    <Menu id="columns" label="Columns" icon="columns" open={props.open}>
      <form
        class="menu-panel column-configurator"
        action="/sent/columns"
        method="post"
        aria-labelledby="columns-title"
      >
        {Object.entries(placeParts(props.place)).map(([name, value]) => (
          <input type="hidden" name={`place.${name}`} value={value} />
        ))}
        {/* Enter presses the first button of a form. */}
        <button type="submit" hidden>
          Save
        </button>
        <div class="panel-head">
          <h2 id="columns-title">Columns</h2>
          <small class="soft" data-columns-shown="">
            {`${columns.length} of ${COLUMN_KEYS.length} shown`}
          </small>
        </div>
        <ol role="list">
          {arrange(columns).map((key, index) => (
            <ColumnRow
              column={key}
              shown={columns.includes(key)}
              isFirst={index === 0}
              isLast={index === columns.length - 1}
            />
          ))}
        </ol>
        {props.viewName === undefined ? null : (
          <p class="panel-body soft">{`Kept in your view “${props.viewName}”.`}</p>
        )}
        <div class="panel-foot cluster" data-spread="">
          <LinkButton name="do" value="reset">
            Use default columns
          </LinkButton>
          <Button kind="primary" size="s">
            Save
          </Button>
        </div>
      </form>
    </Menu>
  );
}

type RowProps = { column: ColumnKey; shown: boolean; isFirst: boolean; isLast: boolean };

function ColumnRow({ column, shown, isFirst, isLast }: RowProps): JSX.Element {
  const title = COLUMN_TITLES[column];
  const isFixed = column === FIXED_COLUMN;
  return (
    <li>
      <span class="drag-handle" aria-hidden="true">
        <Icon name="grip" />
      </span>
      <label>
        <input type="hidden" name="order" value={column} />
        <input type="checkbox" name="column" value={column} checked={shown} disabled={isFixed} />
        {title}
        {isFixed ? (
          <>
            <Icon name="lock" />
            <span class="visually-hidden">, always shown</span>
          </>
        ) : null}
      </label>
      <MoveButton direction="up" column={column} disabled={!shown || isFirst} />
      <MoveButton direction="down" column={column} disabled={!shown || isLast} />
    </li>
  );
}

function MoveButton(props: { direction: "up" | "down"; column: ColumnKey; disabled: boolean }): JSX.Element {
  return (
    <button
      type="submit"
      class="button"
      data-kind="quiet"
      data-size="icon"
      data-move={props.direction}
      name="do"
      value={`${props.direction}.${props.column}`}
      aria-label={`Move ${COLUMN_TITLES[props.column]} ${props.direction}`}
      disabled={props.disabled}
    >
      <Icon name={props.direction === "up" ? "arrow-up" : "arrow-down"} />
    </button>
  );
}

import type { JSX } from "hono/jsx/jsx-runtime";
import { formatMoney } from "../base/money.ts";
import { Button, ButtonLink } from "../ui/buttons.tsx";
import { Choices } from "../ui/choices.tsx";
import { TextField } from "../ui/fields.tsx";
import { Breadcrumb, Cluster, PageHeader, Stack } from "../ui/layout.tsx";
import { type FieldErrors, Notice } from "../ui/notices.tsx";
import { ReasonField } from "./cancel-view.tsx";
import { placeHref } from "./list-address.ts";
import { type Choice, choiceParts, MANY_LIMIT } from "./many-choice.ts";
import type { ManyVerb } from "./many-refusal.ts";
import { links, type Survey, VERB_WORDS } from "./many-words.ts";

export type ManyProps = {
  verb: ManyVerb;
  choice: Choice;
  /** The filter in words, when everything in it was chosen. */
  words: string;
  survey: Survey;
  formId: string;
  /** ISO instant: links that are sent later are not meant. */
  asOf: string;
  typed: { how: string; expiresOn: string; extendDays: string; reason: string };
  errors: FieldErrors;
};

/** The question before something is done to many links: how many, how many cannot, and why. */
export function ManyView(props: ManyProps): JSX.Element {
  const { verb, choice, survey } = props;
  const words = VERB_WORDS[verb];
  const isTooMany = survey.total > MANY_LIMIT;
  const back = placeHref(choice.place);
  return (
    <>
      <Breadcrumb
        crumbs={[
          { label: "Sent Pages", href: back },
          { label: words.question(survey.able).replace("?", "") },
        ]}
      />
      <PageHeader title={words.question(survey.able)} detail={words.meaning} />
      <Stack>
        <Chosen {...props} />
        {isTooMany ? (
          <Notice tone="bad" title="These are more than 10,000 links.">
            Narrow the list down with a filter, and do it in several parts.
          </Notice>
        ) : (
          <Refusals survey={survey} />
        )}
        {isTooMany || survey.able === 0 ? (
          <Cluster>
            <ButtonLink href={back} kind="primary">
              Back to the list
            </ButtonLink>
          </Cluster>
        ) : (
          <ConfirmForm {...props} />
        )}
      </Stack>
    </>
  );
}

function Chosen({ choice, words, survey }: ManyProps): JSX.Element {
  const sums = survey.sums.map((sum) => formatMoney(sum)).join(" and ");
  return (
    <p>
      {choice.kind === "all"
        ? `Everything in the list: ${words}. Links that are sent from now on are not part of it.`
        : `${links(survey.total)} chosen.`}
      {survey.able > 0 ? ` ${sums} is asked for by the ${links(survey.able)} that take part.` : null}
    </p>
  );
}

function Refusals({ survey }: { survey: Survey }): JSX.Element | null {
  const count = survey.total - survey.able;
  if (count === 0) return null;
  return (
    <Notice
      tone="warn"
      title={
        survey.able === 0
          ? "None of the chosen links can take part."
          : `${links(count)} will be left as ${count === 1 ? "it is" : "they are"}.`
      }
    >
      <ul>
        {survey.refusals.map(({ reason, count: times }) => (
          <li>{`${links(times)}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`}</li>
        ))}
      </ul>
    </Notice>
  );
}

function ConfirmForm(props: ManyProps): JSX.Element {
  const { verb, choice, survey } = props;
  const own: [string, string][] = [
    ["verb", verb],
    ["formId", props.formId],
    ["asOf", props.asOf],
    ["seen", survey.total.toString()],
  ];
  return (
    <form method="post" action="/sent/many" novalidate>
      {[...choiceParts(choice), ...own].map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Stack>
        {verb === "extend" ? <ExtendFields {...props} /> : null}
        {verb === "cancel" ? <ReasonField value={props.typed.reason} error={props.errors.reason} /> : null}
        <Cluster>
          <Button kind={verb === "cancel" ? "danger" : "primary"}>
            {VERB_WORDS[verb].button(survey.able)}
          </Button>
          <ButtonLink href={placeHref(choice.place)}>
            {verb === "cancel" ? "Keep the links" : "Back to the list"}
          </ButtonLink>
        </Cluster>
      </Stack>
    </form>
  );
}

function ExtendFields({ typed, errors }: ManyProps): JSX.Element {
  return (
    <>
      <Choices
        name="how"
        label="Extend"
        value={typed.how}
        choices={[
          { value: "until", title: "To one day for all" },
          { value: "days", title: "By days", hint: "From the day on which each link expires now." },
        ]}
      />
      <TextField
        name="expiresOn"
        label="Last day"
        type="date"
        hint="For “To one day for all”. The links can be paid until the end of this day."
        value={typed.expiresOn}
        error={errors.expiresOn}
      />
      <TextField
        name="extendDays"
        label="Days"
        inputmode="numeric"
        width="short"
        hint="For “By days”."
        value={typed.extendDays}
        error={errors.extendDays}
      />
    </>
  );
}

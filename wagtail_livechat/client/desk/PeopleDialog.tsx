import { useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DepartmentCard, DeskConversation, OperatorPresence } from "../shared/protocol";
import type { DeskApp } from "./app";
import { useAsked } from "./asked";
import { Avatar } from "./Avatar";
import { Dialog, Problem } from "./Dialog";

type Choice =
  | { readonly kind: "operator"; readonly key: string; readonly operator: OperatorPresence; readonly canTake: boolean }
  | { readonly kind: "department"; readonly key: string; readonly department: DepartmentCard; readonly canTake: true };

interface PeopleDialogProps {
  app: DeskApp;
  conversation: DeskConversation;
  /** Hand over (to a colleague or a department), or ask a colleague in. */
  purpose: "transfer" | "invite";
}

/** Whom to ask. The list is the desk's own, so it is current while it is open. */
export function PeopleDialog({ app, conversation, purpose }: PeopleDialogProps) {
  const { t, view } = app;
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const asked = useAsked(app);
  const list = useRef<HTMLDivElement>(null);
  const choices = choicesFor(view.desk, conversation, purpose, query);
  const able = choices.filter(({ canTake }) => canTake);
  const current = able[Math.min(active, able.length - 1)];

  const choose = (choice: Choice | undefined): void => {
    if (!choice?.canTake || asked.isBusy) return;
    const { id } = conversation;
    asked.ask(
      purpose === "invite" && choice.kind === "operator"
        ? { type: "conference.invite", conversation: id, operator: choice.operator.id }
        : choice.kind === "operator"
          ? { type: "conversation.transfer", conversation: id, operator: choice.operator.id }
          : { type: "conversation.transfer", conversation: id, department: choice.department.id },
      () => app.openDialog(null),
    );
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && able.length) {
      const next = (able.indexOf(current!) + by + able.length) % able.length;
      setActive(next);
      setTimeout(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }));
    } else if (event.key === "Enter" && !event.isComposing) choose(current);
    else return;
    event.preventDefault();
  };

  const row = (choice: Choice) => (
    <div
      key={choice.key}
      id={choice.key}
      class="lcd-person"
      role="option"
      aria-selected={choice === current}
      aria-disabled={!choice.canTake}
      onPointerMove={() => choice.canTake && choice !== current && setActive(able.indexOf(choice))}
      onClick={() => choose(choice)}
    >
      {choice.kind === "operator" ? <Person app={app} operator={choice.operator} /> : <Team app={app} department={choice.department} />}
    </div>
  );
  const departments = choices.filter(({ kind }) => kind === "department");
  const colleagues = choices.filter(({ kind }) => kind === "operator");

  return (
    <Dialog app={app} title={t(purpose === "invite" ? "invite" : "transfer_to")}>
      <p>{t(purpose === "invite" ? "invite_help" : "transfer_help")}</p>
      <input
        type="search"
        class="lcd-input"
        autoFocus
        role="combobox"
        list={undefined}
        aria-label={t("people_search")}
        aria-expanded="true"
        aria-controls="lcd-people"
        aria-autocomplete="list"
        {...(current ? { "aria-activedescendant": current.key } : {})}
        placeholder={t("people_search")}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div class="lcd-people w-scrollbar-thin" id="lcd-people" role="listbox" aria-label={t("people_search")} ref={list}>
        {departments.length > 0 && (
          <div role="group" aria-label={t("departments")}>
            <p class="lcd-people__title" role="presentation">
              {t("departments")}
            </p>
            {departments.map(row)}
          </div>
        )}
        {colleagues.length > 0 && (
          <div role="group" aria-label={t("colleagues")}>
            <p class="lcd-people__title" role="presentation">
              {t("colleagues")}
            </p>
            {colleagues.map(row)}
          </div>
        )}
      </div>
      {choices.length === 0 && (
        <p class="lcd-lists__none" role="status">
          {query.trim() ? t("people_none", { query: query.trim() }) : t("people_nobody")}
        </p>
      )}
      <Problem text={asked.problem} />
      <div class="lcd-dialog__actions">
        <button type="button" class="button button-secondary" onClick={() => app.openDialog(null)}>
          {t("cancel")}
        </button>
      </div>
    </Dialog>
  );
}

function Person({ app, operator }: { app: DeskApp; operator: OperatorPresence }) {
  const { t, view } = app;
  const { name, picture, status, load, capacity, departments } = operator;
  const teams = view.desk.departments.filter(({ id }) => departments.includes(id)).map((one) => one.name);
  const state =
    status === "offline"
      ? t("person_gone")
      : load >= capacity
        ? t("person_full", { load, capacity })
        : `${t(`status_${status}`)} · ${t("load", { load, capacity })}`;
  return (
    <>
      <Avatar name={name} picture={picture} />
      <span class="lcd-person__texts">
        <span class="lcd-person__name">
          <bdi>{name}</bdi> <span class={`lcd-dot lcd-dot--${status}`} />
        </span>
        <span class="lcd-person__facts">{[state, ...teams].join(" · ")}</span>
      </span>
    </>
  );
}

function Team({ app, department }: { app: DeskApp; department: DepartmentCard }) {
  const there = app.view.desk.operators.filter(
    ({ status, departments }) => status === "available" && (!departments.length || departments.includes(department.id)),
  );
  return (
    <>
      <span class="lcd-avatar lcd-person__team" aria-hidden="true">
        <Icon name="group" />
      </span>
      <span class="lcd-person__texts">
        <span class="lcd-person__name">
          <bdi>{department.name}</bdi> <span class={`lcd-dot lcd-dot--${there.length ? "available" : "offline"}`} />
        </span>
        <span class="lcd-person__facts">{app.t("department_help")}</span>
      </span>
    </>
  );
}

const RANK = { available: 0, rona: 1, away: 1, offline: 2 };

interface People {
  readonly me: OperatorPresence | null;
  readonly operators: readonly OperatorPresence[];
  readonly departments: readonly DepartmentCard[];
}

/** Who can be asked first, then who cannot, each by name. */
function choicesFor(desk: People, conversation: DeskConversation, purpose: string, query: string): Choice[] {
  const wanted = query.trim().toLocaleLowerCase();
  const fits = (name: string): boolean => name.toLocaleLowerCase().includes(wanted);
  const inIt = new Set(conversation.operators.map(({ id }) => id));
  const departments: Choice[] =
    purpose === "invite"
      ? []
      : desk.departments
          .filter(({ name }) => fits(name))
          .map((department) => ({ kind: "department", key: `lcd-department-${department.id}`, department, canTake: true }));
  const operators = desk.operators
    .filter(({ id, name }) => id !== desk.me?.id && fits(name) && !(purpose === "invite" && inIt.has(id)))
    .filter(({ sites }) => !sites.length || sites.includes(conversation.site_id ?? 0))
    .sort((a, b) => RANK[a.status] - RANK[b.status] || a.name.localeCompare(b.name))
    .map(
      (operator): Choice => ({
        kind: "operator",
        key: `lcd-operator-${operator.id}`,
        operator,
        canTake: operator.status !== "offline",
      }),
    );
  return [...departments, ...operators];
}

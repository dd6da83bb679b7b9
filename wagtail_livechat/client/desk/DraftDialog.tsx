import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation, DraftPlace, Entry } from "../shared/protocol";
import type { DeskApp } from "./app";
import { useAsked } from "./asked";
import { Dialog, FormDialog } from "./Dialog";
import { focusSelected } from "./keyboard";

const TITLE_LENGTH = 255;

/** Stands in place of the composer while messages are chosen. */
export function PickBar({ app, picked }: { app: DeskApp; picked: ReadonlySet<number> }) {
  const { t } = app;
  const bar = useRef<HTMLElement>(null);
  // Where the choice begins: at the newest message, which is the one in sight.
  useEffect(() => {
    const boxes = document.querySelectorAll<HTMLInputElement>(".lcd-pick input");
    boxes[boxes.length - 1]?.focus();
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (app.view.dialog) return;
      const { target } = event;
      const inBox = target instanceof Element && target.closest(".lcd-pick");
      if (event.key === "Escape") {
        app.stopPicking();
        focusSelected();
      } else if (inBox && event.key === "Enter" && app.view.picked?.size) app.openDialog("draft");
      else if (inBox && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
        const boxes = [...document.querySelectorAll<HTMLInputElement>(".lcd-pick input")];
        const at = boxes.findIndex((box) => box === document.activeElement);
        boxes[at + (event.key === "ArrowUp" ? -1 : 1)]?.focus();
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [app]);
  return (
    <footer class="lcd-foot" ref={bar} aria-label={t("draft")}>
      <p role="status">{picked.size ? t("draft_picked", { count: picked.size }) : t("draft_pick_help")}</p>
      <div class="lcd-foot__actions">
        <button type="button" class="button button-small" disabled={!picked.size} onClick={() => app.openDialog("draft")}>
          {t("draft_go_on")}
        </button>
        <button type="button" class="button button-small button-secondary" onClick={() => app.stopPicking()}>
          {t("cancel")}
        </button>
      </div>
    </footer>
  );
}

/** What it is to become, where it goes, and what it is called. */
export function DraftDialog({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, view } = app;
  const { id } = conversation;
  const chosen = (view.desk.timelines[id]?.entries ?? []).filter(({ seq }) => view.picked?.has(seq));
  const [title, setTitle] = useState(() => titleOf(chosen));
  const [kind, setKind] = useState<DraftPlace["kind"]>("faq");
  const [places, setPlaces] = useState<Partial<Record<DraftPlace["kind"], string>>>({});
  const [tell, setTell] = useState(false);
  const asked = useAsked(app);
  const { prepared, made } = app.drafted;

  useEffect(() => {
    app.drafted.forget();
    asked.ask({ type: "draft.prepare", conversation: id }, () => {});
  }, [id]);

  if (made) {
    return (
      <Dialog app={app} title={t("draft_made")}>
        <p>
          <Icon name="success" /> <bdi>{made.title}</bdi>
        </p>
        <p>{t(made.submitted ? "draft_submitted" : "draft_waits")}</p>
        <div class="lcd-dialog__actions">
          {made.url && (
            <a class="button" href={made.url} autoFocus>
              {t("draft_open")}
            </a>
          )}
          <button type="button" class={`button ${made.url ? "button-secondary" : ""}`} autoFocus={!made.url} onClick={done}>
            {t("close")}
          </button>
        </div>
      </Dialog>
    );
  }

  const here = prepared?.places.filter((place) => place.kind === kind) ?? [];
  const place = places[kind] ?? here[0]?.id ?? "";

  function done(): void {
    app.openDialog(null);
    app.stopPicking();
  }

  const submit = (): void => {
    if (!title.trim()) return asked.setProblem(t("draft_no_title"));
    const seqs = chosen.map(({ seq }) => seq);
    asked.ask({ type: "draft.make", conversation: id, seqs, kind, place, title: title.trim(), tell }, () => {});
  };
  const choice = (value: DraftPlace["kind"], text: string) => {
    const isPossible = !prepared || prepared.places.some((one) => one.kind === value);
    return (
      <label class="lcd-choice">
        <input type="radio" name="kind" checked={kind === value} disabled={!isPossible} onChange={() => setKind(value)} /> {text}
      </label>
    );
  };

  return (
    <FormDialog app={app} title={t("draft_question")} submitLabel={t("draft_yes")} asked={asked} onSubmit={submit}>
      <p>{t("draft_help")}</p>
      <fieldset class="lcd-form__field">
        <legend class="lcd-form__label">{t("draft_kind")}</legend>
        {choice("faq", t("draft_faq"))}
        {choice("article", t("draft_article"))}
      </fieldset>
      <label class="lcd-form__field">
        <span class="lcd-form__label">{t("draft_title")}</span>
        <input
          type="text"
          class="lcd-input"
          dir="auto"
          maxLength={TITLE_LENGTH}
          value={title}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </label>
      <label class="lcd-form__field">
        <span class="lcd-form__label">{t("draft_place")}</span>
        <select class="lcd-input" value={place} onChange={(event) => setPlaces({ ...places, [kind]: event.currentTarget.value })}>
          {here.map((one) => (
            <option key={one.id} value={one.id}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      {prepared?.can_tell && (
        <label class="lcd-choice lcd-choice--top">
          <input type="checkbox" checked={tell} onChange={(event) => setTell(event.currentTarget.checked)} />
          <span>
            {t("draft_tell")}
            <small class="lcd-form__help">{t("draft_tell_help")}</small>
          </span>
        </label>
      )}
    </FormDialog>
  );
}

/** The visitor's first words among what was chosen: most likely the question. */
function titleOf(entries: readonly Entry[]): string {
  const first = entries.find(({ author }) => author.kind === "visitor") ?? entries[0];
  const line = first?.text.split("\n").find((one) => one.trim()) ?? "";
  return line.trim().slice(0, TITLE_LENGTH);
}

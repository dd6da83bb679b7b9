import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { panesOf } from "../widget/config";
import { useText, useView } from "../widget/context";
import type { Found } from "./contract";
import { Glyph } from "./Glyph";
import { marked } from "./nodes";
import { Pause } from "./pause";
import { paneFor } from "./places";
import { shelfOf } from "./shelf";

/** So many are a help; more are a list to read. */
const MOST = 3;
const SHORTEST = 4;

/** What may answer the question that is being typed. Nothing is asked while a conversation goes on: then this is not drawn. */
export function Suggest(): JSX.Element | null {
  const view = useView();
  const { chat, config } = view;
  const t = useText();
  const shelf = shelfOf(view);
  const { library, places } = shelf;
  const [found, setFound] = useState<{ results: Found[]; question: string } | null>(null);
  const question = chat.draft.trim();
  // What there was when the question left the field; the field is empty by the time that this is taken down.
  const last = useRef({ found, question });
  if (question) last.current = { found, question };

  const pause = useRef<Pause<Found[]>>(null);
  useEffect(() => {
    (pause.current ??= new Pause(
      (asked) => library.search(asked),
      (results, asked) => setFound(results && { results, question: asked }),
      SHORTEST,
    )).type(question);
  }, [question]);

  useEffect(
    () => () => {
      pause.current?.stop();
      const { found: seen, question: asked } = last.current;
      const hasBegun = chat.openConversation() || chat.outbox.list().some((item) => item.conversation === null);
      if (!hasBegun || !seen) return;
      if (seen.results.length) library.looked(asked, "asked");
      else if (seen.question === asked) library.looked(asked, "nothing");
    },
    [],
  );

  const isOffered = !!found?.results.length && shelf.turnedDown !== question;
  const open = ({ kind, id }: Found): void => {
    const pane = paneFor({ kind }, panesOf(config));
    const next = { at: "answer", kind, id, question } as const;
    const shown = places.view(pane);
    // A suggestion that was left by another way than back is not kept below this one.
    if (shown.at === "thanks" || (shown.at === "answer" && shown.question)) places.turn(pane, next);
    else places.go(pane, next);
    shelf.focus = "name";
    chat.show(pane);
  };

  return (
    <div class="h-suggest">
      <p class={isOffered ? "h-lead" : "hidden"} role="status">
        {isOffered && t("suggest_lead")}
      </p>
      {isOffered && (
        <>
          <button
            type="button"
            class="plain h-hide"
            aria-label={t("suggest_hide")}
            title={t("suggest_hide")}
            onClick={() => {
              shelf.turnedDown = question;
              chat.onChange();
            }}
          >
            <Glyph name="close" />
          </button>
          <ul class="h-list">
            {found.results.slice(0, MOST).map((one) => (
              <li key={`${one.kind}${one.id}`}>
                <button type="button" class="h-row" onClick={() => open(one)}>
                  <Glyph name={one.kind} />
                  <span class="h-words">
                    <bdi class="h-title">{marked(one.title, question)}</bdi>
                    <bdi class="h-sum">{one.excerpt}</bdi>
                  </span>
                  <Glyph name="next" flip />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { useText, useView } from "../widget/context";
import type { Item } from "./contract";
import { Glyph } from "./Glyph";
import { shelfOf } from "./shelf";

const LONGEST = 1_000;

/** "Did this help?" One vote for each version of an answer: another press changes it, and a comment can be added. */
export function Feedback({ item }: { item: Item }): JSX.Element {
  const view = useView();
  const t = useText();
  const { library, votes } = shelfOf(view);
  const [vote, setVote] = useState(votes.get(key(item)));
  const [comment, setComment] = useState("");
  const [state, setState] = useState<"" | "busy" | "failed" | "said">("");

  const send = async (helpful: boolean, words?: string): Promise<void> => {
    if (state === "busy") return;
    setState("busy");
    try {
      await library.vote(item, helpful, words);
      votes.set(key(item), helpful);
      setVote(helpful);
      setState(words ? "said" : "");
    } catch {
      setState("failed");
    }
  };

  return (
    <section class="h-feedback" aria-labelledby="lc-helped">
      <h4 id="lc-helped">{t("help_question")}</h4>
      <div class="h-votes">
        {([true, false] as const).map((helpful) => (
          <button
            type="button"
            class="h-vote"
            key={String(helpful)}
            aria-pressed={vote === helpful}
            onClick={() => vote !== helpful && void send(helpful)}
          >
            <Glyph name={helpful ? "up" : "down"} />
            {t(helpful ? "help_yes" : "help_no")}
          </button>
        ))}
      </div>
      <p role="status" class="h-quiet">
        {vote !== undefined && state !== "failed" && t("rate_thanks")}
      </p>
      {vote !== undefined && state !== "said" && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (comment.trim()) void send(vote, comment.trim());
          }}
        >
          <label for="lc-comment">{t(vote ? "rate_comment" : "help_missing")}</label>
          <textarea
            class="h-in"
            id="lc-comment"
            rows={2}
            dir="auto"
            maxLength={LONGEST}
            value={comment}
            onInput={({ currentTarget }) => setComment(currentTarget.value)}
          />
          <button type="submit" class="soft" aria-disabled={!comment.trim()}>
            {t("send")}
          </button>
        </form>
      )}
      <p class="h-bad" role="alert">
        {state === "failed" && t("failed")}
      </p>
    </section>
  );
}

const key = ({ kind, id, version }: Item): string => `${kind} ${id} ${version}`;

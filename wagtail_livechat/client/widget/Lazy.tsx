import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Pending } from "../shared/outbox";
import type { Entry } from "../shared/protocol";
import { useText, useView } from "./context";

/** What the forms' script brings, and that of the help: each is fetched when something of it is needed first. */
export interface Parts {
  Intake: ComponentType<{ as: "chat" | "case"; onChatNow?: (() => void) | undefined }>;
  Address: ComponentType;
  After: ComponentType<{ onStart: () => void; onBack: () => void }>;
  Closed: ComponentType;
  AskEnd: ComponentType<{ onAnswer: (yes: boolean) => void }>;
  Attach: ComponentType;
  Emoji: ComponentType<{ onPick: (emoji: string) => void }>;
  File: ComponentType<{ entry: Entry }>;
  Help: ComponentType;
  Refused: ComponentType<{ item: Pending }>;
  Suggest: ComponentType;
}

/** What a script leaves for the widget. */
export type Brought<K extends keyof Parts> = Pick<Parts, K> & { css: string };

const parts: Partial<Parts> = {};
const loading: Record<string, Promise<void> | undefined> = {};

type Props = {
  [K in keyof Parts]: { part: K; props: Parts[K] extends ComponentType<infer P> ? P : never };
}[keyof Parts];

export function Lazy({ part, props }: Props): JSX.Element | null {
  const { config, launcher } = useView();
  const t = useText();
  const [failed, setFailed] = useState(false);
  const [, redraw] = useState(0);
  const Part = parts[part] as ComponentType<typeof props> | undefined;
  const script = part === "Help" || part === "Suggest" ? "help" : "forms";

  useEffect(() => {
    if (Part || failed) return;
    (loading[script] ??= launcher.script(script === "help" ? config.help!.script : config.urls.forms).then(() => {
      const { css, ...brought } = window.wagtailLivechat![script] as Brought<keyof Parts>;
      launcher.styles(css);
      Object.assign(parts, brought);
    })).then(
      () => redraw((n) => n + 1),
      () => {
        loading[script] = undefined;
        setFailed(true);
      },
    );
  }, [failed]);

  if (Part) return <Part {...props} />;
  // Suggestions are an offer: who was not made one misses nothing.
  if (!failed || part === "Suggest") return null;
  return (
    <div class="ask">
      <p role="status">{t("failed")}</p>
      <div class="answers">
        <button type="button" class="soft" onClick={() => setFailed(false)}>
          {t("try_again")}
        </button>
      </div>
    </div>
  );
}

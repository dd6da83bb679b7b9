import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Entry } from "../shared/protocol";
import { useText, useView } from "./context";

/** What the forms' script brings: it is fetched when the first form is needed. */
export interface Parts {
  css: string;
  Intake: ComponentType<{ as: "chat" | "case"; onChatNow?: (() => void) | undefined }>;
  Address: ComponentType;
  After: ComponentType<{ onStart: () => void; onBack: () => void }>;
  Closed: ComponentType;
  Attach: ComponentType;
  File: ComponentType<{ entry: Entry }>;
}

let parts: Parts | null = null;
let loading: Promise<void> | undefined;

type Props = {
  [K in Exclude<keyof Parts, "css">]: { part: K; props: Parts[K] extends ComponentType<infer P> ? P : never };
}[Exclude<keyof Parts, "css">];

export function Lazy({ part, props }: Props): JSX.Element | null {
  const { config, launcher } = useView();
  const t = useText();
  const [failed, setFailed] = useState(false);
  const [, redraw] = useState(0);

  useEffect(() => {
    if (parts || failed) return;
    loading ??= launcher.script(config.urls.forms).then(() => {
      parts = window.wagtailLivechat!.forms as Parts;
      launcher.styles(parts.css);
    });
    loading.then(
      () => redraw((n) => n + 1),
      () => {
        loading = undefined;
        setFailed(true);
      },
    );
  }, [failed]);

  if (parts) {
    const Part = parts[part] as ComponentType<typeof props>;
    return <Part {...props} />;
  }
  if (!failed) return null;
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

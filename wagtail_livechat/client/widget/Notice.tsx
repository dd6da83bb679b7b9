import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import type { Status } from "../shared/connection";
import { useText, useView } from "./context";

/** A short hiccup is nobody's business: the state of the line is told when it lasts. */
const LASTS = 900;

/** What a person has to know about the line, or about waiting: nothing, most of the time. */
export function Notice(): JSX.Element {
  return (
    <div class="notices" role="status">
      <Line />
      <Queue />
    </div>
  );
}

function Line(): JSX.Element | null {
  const { chat } = useView();
  const t = useText();
  const { status } = chat;
  const isBad = status.state !== "live";
  const [lasts, setLasts] = useState(false);
  const [, tick] = useState(0);

  useEffect(() => {
    if (!isBad) return setLasts(false);
    const timer = setTimeout(() => setLasts(true), LASTS);
    return () => clearTimeout(timer);
  }, [isBad]);
  useEffect(() => {
    if (status.state !== "reconnecting") return;
    const timer = setInterval(() => tick((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, [status]);

  if (!isBad || (!lasts && status.state !== "stopped" && status.state !== "offline")) return null;
  switch (status.state) {
    case "connecting":
      return <Bar kind="calm">{t("connecting")}</Bar>;
    case "offline":
      return <Bar kind="bad">{t("no_network")}</Bar>;
    case "stopped":
      return (
        <Bar kind="bad">
          {t(stoppedText(status))}
          {status.code !== "closed" && (
            <button type="button" class="link" onClick={() => location.reload()}>
              {t("reload")}
            </button>
          )}
        </Bar>
      );
    default: {
      const seconds = Math.ceil((status.at - Date.now()) / 1000);
      return (
        <Bar kind="bad">
          {/* The seconds are for the eye: a screen reader would read every one of them. */}
          <span class="hidden">{t("reconnecting")}</span>
          <span aria-hidden="true">{seconds > 1 ? t("reconnecting_in", { seconds }) : t("reconnecting")}</span>
          {seconds > 1 && (
            <button type="button" class="link" onClick={() => chat.retryNow()}>
              {t("try_again")}
            </button>
          )}
        </Bar>
      );
    }
  }
}

function Queue(): JSX.Element | null {
  const { chat } = useView();
  const t = useText();
  const { conversation, site } = chat;
  if (conversation?.state !== "queued") return null;
  if (site === "offline") return <Bar kind="calm">{t("offline_note")}</Bar>;
  const { estimate, position } = conversation;
  if (!position) return <Bar kind="calm">{t("waiting")}</Bar>;
  return (
    <Bar kind="calm">
      <span>{position === 1 ? t("position_next") : t("position", { position })}</span>
      {typeof estimate === "number" && (
        <span class="estimate">
          {estimate < 60 ? t("estimate_short") : t("estimate", { minutes: Math.ceil(estimate / 60) })}
        </span>
      )}
    </Bar>
  );
}

function Bar({ kind, children }: { kind: "calm" | "bad"; children: ComponentChildren }): JSX.Element {
  return <p class={`bar ${kind}`}>{children}</p>;
}

function stoppedText({ code }: Extract<Status, { state: "stopped" }>): "stopped_version" | "stopped_closed" | "stopped_other" {
  return code === "version" ? "stopped_version" : code === "closed" ? "stopped_closed" : "stopped_other";
}

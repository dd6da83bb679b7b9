import { canNotify } from "../offers/alerts";
import { Icon } from "../offers/Icon";
import type { Prefs } from "../offers/prefs";
import type { Status } from "../shared/connection";
import type { OperatorPresence } from "../shared/protocol";
import type { DeskApp } from "./app";
import { memo } from "./memo";
import { StatusMenu } from "./StatusMenu";

interface TopBarProps {
  app: DeskApp;
  me: OperatorPresence | null;
  line: Status;
  prefs: Prefs;
  ready: boolean;
}

export const TopBar = memo(function TopBar({ app, me, line, prefs, ready }: TopBarProps) {
  const { t } = app;
  return (
    <header class="lcd-top">
      <div class="lcd-top__title">
        <Icon name="livechat" />
        <span>{t("title")}</span>
      </div>
      <Line app={app} line={line} ready={ready} />
      <div class="lcd-top__tools">
        <Switch
          on={prefs.sound}
          icons={["livechat-sound", "livechat-mute"]}
          label={t(prefs.sound ? "sound_on" : "sound_off")}
          onClick={() => app.setPref({ sound: !prefs.sound })}
        />
        {canNotify() && <NotifySwitch app={app} prefs={prefs} />}
        <Switch on={false} icons={["keyboard", "keyboard"]} label={t("keys")} onClick={() => app.openDialog("keys")} plain />
        {me && <StatusMenu app={app} me={me} />}
      </div>
    </header>
  );
});

function Line({ app, line, ready }: { app: DeskApp; line: Status; ready: boolean }) {
  const { t } = app;
  const isLive = line.state === "live";
  const text = isLive
    ? t("line_online")
    : line.state === "stopped"
      ? t("line_closed")
      : line.state === "connecting" || !ready
        ? t("line_connecting")
        : t("line_offline");
  return (
    <div class={`lcd-line lcd-line--${isLive ? "live" : line.state}`} role="status">
      <span class="lcd-line__dot" />
      <span class="lcd-line__text">{text}</span>
    </div>
  );
}

interface SwitchProps {
  on: boolean;
  icons: readonly [on: string, off: string];
  label: string;
  onClick: () => void;
  /** Not a switch but a plain button. */
  plain?: boolean;
}

function Switch({ on, icons, label, onClick, plain }: SwitchProps) {
  return (
    <button
      type="button"
      class="lcd-tool"
      aria-label={label}
      title={label}
      {...(plain ? {} : { "aria-pressed": on })}
      onClick={onClick}
    >
      <Icon name={on ? icons[0] : icons[1]} />
    </button>
  );
}

function NotifySwitch({ app, prefs }: { app: DeskApp; prefs: Prefs }) {
  const { t } = app;
  const on = prefs.notify && Notification.permission === "granted";
  const denied = Notification.permission === "denied";
  const label = t(denied ? "notify_denied" : on ? "notify_on" : "notify_off");
  const toggle = async (): Promise<void> => {
    // The browser is asked only here, on the person's own click.
    const granted = on || Notification.permission === "granted" || (await Notification.requestPermission()) === "granted";
    app.setPref({ notify: !on && granted });
  };
  return <Switch on={on} icons={["livechat-bell", "livechat-bell-off"]} label={label} onClick={() => void toggle()} />;
}

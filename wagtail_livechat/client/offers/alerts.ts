import { localStore, readJson, type Store } from "../shared/store";
import { PrefStore } from "./prefs";

const CLAIMS = "livechat:alerted";
const KEPT = 30;
/** Milliseconds. */
const TOO_LATE = 2_000;

/**
 * Sound and desktop notification, each only if it is switched on, and in one tab only.
 *
 * Browsers let a page make sound after a person has used it: the sound waits for the first click or key.
 */
export class Alerts {
  private audio: AudioContext | null = null;

  constructor(
    private readonly prefs: PrefStore = new PrefStore(),
    private readonly store: Store = localStore(),
  ) {
    const wake = (): void => {
      removeEventListener("pointerdown", wake, true);
      removeEventListener("keydown", wake, true);
      this.openAudio();
    };
    addEventListener("pointerdown", wake, true);
    addEventListener("keydown", wake, true);
  }

  /** `id` names what happened: another tab that was quicker has told of it already. */
  alert(id: string, title: string, body: string, onClick: () => void): void {
    if (!this.claim(id)) return;
    const { sound, notify } = this.prefs.read();
    if (sound) this.blip();
    if (notify && document.hidden && canNotify() && Notification.permission === "granted") {
      try {
        const shown = new Notification(title, { body: body.slice(0, 200), tag: id });
        shown.onclick = () => {
          window.focus();
          shown.close();
          onClick();
        };
      } catch {
        // Some browsers allow notifications from service workers only.
      }
    }
  }

  /** Two short soft tones. */
  blip(): void {
    const { audio } = this;
    if (audio?.state === "running") this.play(audio);
    // Just after the first click it may still be waking up; a sound that comes much later says nothing any more.
    const asked = Date.now();
    if (audio?.state === "suspended") {
      void audio.resume().then(() => Date.now() - asked < TOO_LATE && this.play(audio));
    }
  }

  private play(audio: AudioContext): void {
    for (const [at, pitch] of [
      [0, 660],
      [0.14, 880],
    ] as const) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      const start = audio.currentTime + at;
      tone.type = "sine";
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.12, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.25);
    }
  }

  private openAudio(): void {
    try {
      this.audio = new AudioContext();
      void this.audio.resume().catch(() => {});
    } catch {
      this.audio = null;
    }
  }

  private claim(id: string): boolean {
    const claimed = readJson<string[]>(this.store, CLAIMS) ?? [];
    if (claimed.includes(id)) return false;
    this.store.set(CLAIMS, JSON.stringify([...claimed, id].slice(-KEPT)));
    return true;
  }
}

export const canNotify = (): boolean => typeof Notification === "function" && isSecureContext;

/** The page's title with the number of things that wait in front. */
export class TitleCount {
  private readonly plain = document.title;

  show(count: number): void {
    const title = count ? `(${count}) ${this.plain}` : this.plain;
    if (document.title !== title) document.title = title;
  }
}

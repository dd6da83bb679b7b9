import { useEffect, useState } from "preact/hooks";

import { sizeOf } from "../shared/size";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, once a second, from one timer for all that show it. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = (): void => setNow(Date.now());
    listeners.add(tick);
    timer ??= setInterval(() => listeners.forEach((listener) => listener()), 1_000);
    return () => {
      listeners.delete(tick);
      if (!listeners.size) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return now;
}

/** 65 s as `1:05`, more than an hour as `1:01:05`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Dates and times as people of `language` write them. The formatters are made once: making one is slow. */
export class Formats {
  private readonly hour: Intl.DateTimeFormat;
  private readonly date: Intl.DateTimeFormat;
  private readonly full: Intl.DateTimeFormat;
  private readonly day: Intl.DateTimeFormat;
  private readonly relative: Intl.RelativeTimeFormat;
  private readonly languages: Intl.DisplayNames;

  constructor(private readonly locale: string) {
    this.hour = new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit" });
    this.date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
    this.full = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    this.day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
    this.relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    this.languages = new Intl.DisplayNames([locale], { type: "language" });
  }

  sizeOf(bytes: number): string {
    return sizeOf(bytes, this.locale);
  }

  /** `14:05` */
  timeOf(iso: string): string {
    return this.hour.format(new Date(iso));
  }

  /** Date and time. */
  fullOf(iso: string): string {
    return this.full.format(new Date(iso));
  }

  /** The time if it is today, else the date. */
  shortOf(iso: string): string {
    return dayKey(iso) === new Date().toDateString() ? this.timeOf(iso) : this.date.format(new Date(iso));
  }

  /** `today`, `yesterday`, or the day's name and date. */
  dayOf(iso: string): string {
    const date = new Date(iso);
    const start = (d: Date): number => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
    const days = Math.round((start(date) - start(new Date())) / 86_400_000);
    const text = days === 0 || days === -1 ? this.relative.format(days, "day") : this.day.format(date);
    return text.charAt(0).toLocaleUpperCase(this.locale) + text.slice(1);
  }


  /** `Swedish` for `sv`; the code itself where the browser knows no name. */
  languageName(code: string): string {
    try {
      return this.languages.of(code) ?? code;
    } catch {
      return code;
    }
  }
}

/** A Date of the same day in the browser's time zone gives the same text. */
export function dayKey(iso: string): string {
  return new Date(iso).toDateString();
}

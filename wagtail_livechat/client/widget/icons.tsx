import type { JSX } from "preact";

const PATHS = {
  minimise: "M6 9l6 6 6-6",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M5 12h13M12 5l7 7-7 7",
  emoji: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  sound: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  mute: "M4 9.5v5h3.5L12 18V6L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  end: "M9 4H5v16h4M14 8l4 4-4 4M18 12H9",
  clock: "M12 20a8 8 0 1 1 0-16 8 8 0 0 1 0 16zM12 8v4l2.5 2",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  ticks: "M2 12.5l4.5 4.5L16 7.5M11 16l1 1 9.5-9.5",
  alert: "M12 8v5M12 16.5h.01M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z",
  down: "M12 5v14M6 13l6 6 6-6",
} as const;

export type IconName = keyof typeof PATHS;

/** `d`: what is drawn, where it is no icon that everybody needs. */
export function Icon({ name, d = PATHS[name!], flip = false }: { name?: IconName; d?: string; flip?: boolean }): JSX.Element {
  return (
    <svg class={flip ? "icon flip" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={d} />
    </svg>
  );
}

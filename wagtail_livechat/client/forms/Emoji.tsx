import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { useText } from "../widget/context";

// Few enough to find one at a glance, enough to be kind, sorry, thankful and amused.
const EMOJI =
  "🙂 😀 😄 😂 😊 😉 😍 😎 🤔 😅 😕 😢 😭 😡 😱 🙈 👍 👎 👋 🙏 👏 💪 👌 🤝 ❤️ 🎉 ✨ ⭐ 🔥 💡 ✅ ❌ ❓ ❗ ⏰ 📦 🚚 🎁 ☕ 🌲".split(" ");
const COLUMNS = 8;

/** The grid that the composer's button opens; closing it is the button's business. */
export function Emoji({ onPick }: { onPick: (emoji: string) => void }): JSX.Element {
  const t = useText();
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);

  // At once, not after the next picture: a quick hand has pressed the next key by then.
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus(), [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const isRtl = getComputedStyle(box.current!).direction === "rtl";
    const forward = isRtl ? -1 : 1;
    const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
    if (step === undefined) return;
    setAt(Math.min(EMOJI.length - 1, Math.max(0, at + step)));
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="grid" role="group" aria-label={t("emoji")} ref={box} onKeyDown={onKeyDown}>
      {EMOJI.map((emoji, i) => (
        <button type="button" key={emoji} tabIndex={i === at ? 0 : -1} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
}

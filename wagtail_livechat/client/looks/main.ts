// The preview in the settings: what is typed there is shown at once, before anything is saved.
import { contrast, readableInk } from "./ink";

const HEX = /^#[0-9a-f]{6}$/i;

function run(box: HTMLElement): void {
  const form = box.closest("form");
  if (!form) return;
  const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement | null;
  const color = field("color");
  const picker = box.querySelector<HTMLInputElement>("[data-picker]")!;
  const presets = [...box.querySelectorAll<HTMLButtonElement>("[data-color]")];
  const words = box.querySelector<HTMLElement>("[data-contrast]")!;
  const page = box.querySelector<HTMLElement>("[data-shows]")!.closest<HTMLElement>(".livechat-looks__page")!;
  const shown: [string, string][] = [
    ["company", "company_name"],
    ["greeting", "greeting"],
    ["label", "label"],
  ];

  const show = (): void => {
    for (const [part, name] of shown) {
      const target = box.querySelector<HTMLElement>(`[data-shows="${part}"]`)!;
      target.textContent = field(name)?.value.trim() || box.dataset[part] || "";
    }
    const chosen = color?.value.trim().toLowerCase() ?? "";
    page.dataset.corner = field("corner")?.value ?? "end";
    if (!HEX.test(chosen)) return;
    const ink = readableInk(chosen);
    box.style.setProperty("--lc-color", chosen);
    box.style.setProperty("--lc-ink", ink);
    picker.value = chosen;
    for (const preset of presets) preset.setAttribute("aria-pressed", String(preset.dataset.color === chosen));
    words.textContent = (words.dataset.text ?? "")
      .replace("{ink}", (ink === "#ffffff" ? words.dataset.white : words.dataset.black) ?? ink)
      .replace("{ratio}", contrast(chosen, ink).toFixed(1));
  };
  const choose = (value: string): void => {
    if (!color) return;
    color.value = value;
    // Whoever else listens to the form (unsaved changes) hears of it as if it had been typed.
    color.dispatchEvent(new Event("input", { bubbles: true }));
    color.dispatchEvent(new Event("change", { bubbles: true }));
  };

  for (const preset of presets) {
    preset.style.background = preset.dataset.color!;
    preset.addEventListener("click", () => choose(preset.dataset.color!));
  }
  picker.addEventListener("input", () => choose(picker.value));
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}

const start = (): void => document.querySelectorAll<HTMLElement>("[data-livechat-looks]").forEach(run);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

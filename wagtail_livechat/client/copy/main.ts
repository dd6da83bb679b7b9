// In the admin: a button beside something to copy.
//
// <div data-livechat-copy><code>…</code><button type="button" data-done="Copied">Copy</button></div>
document.addEventListener("click", (event) => {
  const button = (event.target as Element | null)?.closest<HTMLButtonElement>("[data-livechat-copy] button");
  const code = button?.closest("[data-livechat-copy]")?.querySelector("code");
  if (!button || !code) return;
  const words = (button.dataset.words ??= button.textContent ?? "");
  const done = (): void => {
    button.textContent = button.dataset.done ?? "";
    setTimeout(() => (button.textContent = words), 2_000);
  };
  // Where the clipboard is closed to us (plain HTTP), the code is selected for the person's own copying.
  const select = (): void => getSelection()?.selectAllChildren(code);
  if (navigator.clipboard) navigator.clipboard.writeText(code.textContent ?? "").then(done, select);
  else select();
});

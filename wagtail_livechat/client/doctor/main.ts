// What only the browser in front of the administrator can see: does a socket get through, and are the files it is given
// those of the installed version? The rows are the server's, with a sentence for each outcome; here one is chosen.

const PATIENCE = 8_000;

type Outcome = "ok" | "warning" | "problem";

function tell(row: HTMLElement, outcome: Outcome, fill: Record<string, string> = {}): void {
  const sentence = Object.entries(fill).reduce((text, [name, value]) => text.replace(`{${name}}`, value), row.dataset[outcome] ?? "");
  row.dataset.state = outcome;
  row.querySelector("[data-sentence]")!.textContent = sentence;
  const remedy = row.querySelector<HTMLElement>("[data-remedy]");
  if (remedy) remedy.hidden = outcome === "ok";
  const mark = row.querySelector<HTMLElement>("[data-mark]");
  if (mark) mark.textContent = row.closest<HTMLElement>("[data-livechat-doctor]")?.dataset[`word${outcome}`] ?? outcome;
}

/** A frame there and an answer back. Whoever is no operator is refused, which is an answer too. */
function socket(row: HTMLElement): void {
  const address = row.dataset.address;
  if (!address) return tell(row, "problem");
  const url = new URL(address, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  let sent = performance.now();
  let done = false;
  const end = (outcome: Outcome): void => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    tell(row, outcome, { ms: String(Math.max(1, Math.round(performance.now() - sent))) });
    line.close();
  };
  const line = new WebSocket(url);
  const timer = setTimeout(() => end("problem"), PATIENCE);
  line.onopen = () => {
    sent = performance.now();
    line.send(JSON.stringify({ type: "ping", ref: "doctor" }));
  };
  line.onmessage = () => end("ok");
  line.onclose = ({ code }) => end(code >= 4000 ? "ok" : "problem");
}

interface Expected {
  name: string;
  url: string;
  print: string;
}

async function files(row: HTMLElement): Promise<void> {
  const wanted = JSON.parse(row.dataset.files ?? "[]") as Expected[];
  const missing: string[] = [];
  const other: string[] = [];
  await Promise.all(
    wanted.map(async ({ name, url, print }) => {
      try {
        const answer = await fetch(url, { cache: "no-cache" });
        if (!answer.ok) throw new Error(String(answer.status));
        const content = await answer.arrayBuffer();
        // Only secure pages may reckon; elsewhere it is enough that the file is there.
        if (!globalThis.crypto?.subtle) return;
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
        const got = [...digest.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        if (got !== print) other.push(name);
      } catch {
        missing.push(name);
      }
    }),
  );
  if (missing.length) tell(row, "problem", { names: missing.join(", ") });
  else if (other.length) tell(row, "warning", { names: other.join(", ") });
  else tell(row, "ok");
}

function start(): void {
  for (const row of document.querySelectorAll<HTMLElement>("[data-live]")) {
    if (row.dataset.live === "socket") socket(row);
    else void files(row);
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();

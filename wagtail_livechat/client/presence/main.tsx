import { readConfig } from "../desk/config";
import { PresenceClient, type PresenceConfig } from "./client";
import { HomePanel } from "./home";
import { isOperator, watchSidebar } from "./sidebar";

// On every page of the admin, of people who do other work: whatever goes wrong here must stay here.
try {
  const config = readConfig<PresenceConfig>("livechat-presence-config");
  // The sidebar is drawn by another script, perhaps later. Only operators have the mark in it, and only they get a line.
  if (config) {
    const now = document.querySelector<HTMLElement>("[data-livechat-now]");
    const panel = now && new HomePanel(now);
    let client: PresenceClient | null = null;
    watchSidebar(() => {
      if (!client && isOperator()) {
        client = new PresenceClient(config, () => panel?.soon());
        client.start();
      }
      client?.badge();
    });
  }
} catch (error) {
  console.warn("Live chat:", error);
}

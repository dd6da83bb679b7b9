import { render } from "preact";

import { DeskApp } from "./app";
import { readConfig, type Config } from "./config";
import { Desk } from "./Desk";
import { listenForKeys } from "./keyboard";

const config = readConfig<Config>("livechat-desk-config");
const root = document.getElementById("livechat-desk");

if (config && root) {
  const app = new DeskApp(config);
  render(<Desk app={app} />, root);
  listenForKeys(app);
  app.start();
}

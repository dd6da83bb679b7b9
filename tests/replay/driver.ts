// Feeds events to the client's own reducers: one JSON request per line of standard input, one answer per line of output.
import { createInterface } from "node:readline";

import { deskReducer, initialDeskState } from "@client/shared/deskReducer";
import { initialVisitorState, visitorReducer } from "@client/shared/visitorReducer";

const NOW = 1_000_000;

for await (const line of createInterface({ input: process.stdin })) {
  const { side, events } = JSON.parse(line);
  const state =
    side === "visitor"
      ? events.reduce((state: any, event: any) => visitorReducer(state, event, NOW), initialVisitorState)
      : events.reduce((state: any, event: any) => deskReducer(state, event, NOW), initialDeskState);
  process.stdout.write(JSON.stringify(state) + "\n");
}

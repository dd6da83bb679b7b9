import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

import { deskReducer, initialDeskState, type DeskState } from "../shared/deskReducer";
import type { OperatorEvent, VisitorEvent } from "../shared/protocol";
import { initialVisitorState, visitorReducer, type VisitorState } from "../shared/visitorReducer";

declare const __ROOT__: string;

interface Example {
  name: string;
  side: "visitor" | "operator" | "both";
  valid: boolean;
  value: VisitorEvent | OperatorEvent;
}
interface Replay {
  name: string;
  side: "visitor" | "operator";
  before: VisitorEvent | OperatorEvent;
  events: (VisitorEvent | OperatorEvent)[];
  after: VisitorEvent | OperatorEvent;
}
const examples = JSON.parse(readFileSync(join(__ROOT__, "tests", "protocol", "examples.json"), "utf8")) as {
  events: Example[];
  replays: Replay[];
};

const NOW = 1_000;
const asVisitor = (state: VisitorState, event: unknown): VisitorState =>
  deepFreeze(visitorReducer(state, event as VisitorEvent, NOW));
const asOperator = (state: DeskState, event: unknown): DeskState =>
  deepFreeze(deskReducer(state, event as OperatorEvent, NOW));

describe("every event of the examples is taken", () => {
  for (const { name, side, valid, value } of examples.events) {
    if (!valid) continue;
    test(name, () => {
      if (side !== "operator") asVisitor(deepFreeze(initialVisitorState), value);
      if (side !== "visitor") asOperator(deepFreeze(initialDeskState), value);
    });
  }
});

describe("an old snapshot plus events equals a fresh snapshot", () => {
  for (const { name, side, before, events, after } of examples.replays) {
    test(`${side}: ${name}`, () => {
      if (side === "visitor") {
        const replayed = [before, ...events].reduce(asVisitor, initialVisitorState);
        assert.deepEqual(shown(replayed), shown(asVisitor(initialVisitorState, after)));
      } else {
        const replayed = [before, ...events].reduce(asOperator, initialDeskState);
        assert.deepEqual(shown(replayed), shown(asOperator(initialDeskState, after)));
      }
    });
    test(`${side}: ${name}, told twice`, () => {
      const twice = [before, ...events.flatMap((event) => [event, event])];
      if (side === "visitor") {
        const replayed = twice.reduce(asVisitor, initialVisitorState);
        assert.deepEqual(shown(replayed), shown(asVisitor(initialVisitorState, after)));
      } else {
        const replayed = twice.reduce(asOperator, initialDeskState);
        assert.deepEqual(shown(replayed), shown(asOperator(initialDeskState, after)));
      }
    });
  }
});

/** What a person would see of a state: empty lists of typists are no typists. */
function shown(state: VisitorState | DeskState): unknown {
  if (Array.isArray(state.typing)) return state;
  const typing = Object.entries(state.typing).filter(([, list]) => (list as unknown[]).length);
  return { ...state, typing: Object.fromEntries(typing) };
}

/** Reducers are pure: writing into what they were given throws. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

import { useState } from "preact/hooks";

import type { OperatorCommand } from "../shared/protocol";
import type { DeskApp } from "./app";

export interface Asked {
  /** Why the server did not do it, or what is missing; empty while nothing is wrong. */
  readonly problem: string;
  readonly isBusy: boolean;
  setProblem: (text: string) => void;
  /** Has the server do something; `done` is called if it did. */
  ask: (command: OperatorCommand, done: () => void) => void;
}

/** A command that a person waits for beside the button that they pressed. */
export function useAsked(app: DeskApp): Asked {
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const ask = async (command: OperatorCommand, done: () => void): Promise<void> => {
    setBusy(true);
    const refused = await app.ask(command);
    setBusy(false);
    if (refused === null) done();
    else setProblem(refused);
  };
  return { problem, isBusy, setProblem, ask: (command, done) => void ask(command, done) };
}

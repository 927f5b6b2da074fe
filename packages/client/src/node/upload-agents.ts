import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { PinnedServer } from "./certificate-pin.ts";
import { pinnedAgent } from "./pinned-connection.ts";

/** Which connections are wanted. */
export interface WantedAgent {
  readonly isSecure: boolean;
  readonly pinned: PinnedServer | undefined;
}

/** How long a connection may be idle and be used again, in milliseconds: what is between may drop older ones without a word. */
const IDLE_MS = 5_000;

/** Connections are kept for the next exchange; the one that was used last is taken first, and the others become too old. */
const keptFor = (idleMs: number) =>
  ({ keepAlive: true, scheduling: "lifo", timeout: idleMs }) as const;

/** Answers agents whose connections small files share: with many of them, opening one for each takes longer than sending it. */
export function sharedAgents(idleMs = IDLE_MS): (wanted: WantedAgent) => HttpAgent | HttpsAgent {
  const kept = keptFor(idleMs);
  // Idle connections of an agent do not hold the process.
  const plain = new HttpAgent(kept);
  const secure = new HttpsAgent(kept);
  const pinnedOnes = new Map<string, HttpsAgent>();
  return ({ isSecure, pinned }) => {
    if (pinned === undefined) return isSecure ? secure : plain;
    const key = `${pinned.url} ${pinned.pin}`;
    const known = pinnedOnes.get(key) ?? pinnedAgent(pinned, kept);
    pinnedOnes.set(key, known);
    return known;
  };
}

/** The ones that all sources of this program share. */
export const sharedAgent = sharedAgents();

/**
 * An agent for one long exchange, to be destroyed after it. Connections are kept, too: a server that is told to close one cuts it
 * with its early answer, which may then be lost.
 */
export const ownAgent = ({ isSecure, pinned }: WantedAgent): HttpAgent | HttpsAgent => {
  if (pinned !== undefined) return pinnedAgent(pinned);
  return isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
};

import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { PinnedServer } from "./certificate-pin.ts";
import { pinnedAgent } from "./pinned-connection.ts";

/** Which connections are wanted. */
export interface WantedAgent {
  readonly isSecure: boolean;
  readonly pinned: PinnedServer | undefined;
}

// Idle connections of an agent do not hold the process.
const plain = new HttpAgent({ keepAlive: true });
const secure = new HttpsAgent({ keepAlive: true });
const pinnedOnes = new WeakMap<PinnedServer, HttpsAgent>();

/** An agent whose connections small files share: with many of them, opening one for each takes longer than sending it. */
export function sharedAgent({ isSecure, pinned }: WantedAgent): HttpAgent | HttpsAgent {
  if (pinned === undefined) return isSecure ? secure : plain;
  const known = pinnedOnes.get(pinned) ?? pinnedAgent(pinned);
  pinnedOnes.set(pinned, known);
  return known;
}

/**
 * An agent for one long exchange, to be destroyed after it. Connections are kept, too: a server that is told to close one cuts it
 * with its early answer, which may then be lost.
 */
export const ownAgent = ({ isSecure, pinned }: WantedAgent): HttpAgent | HttpsAgent => {
  if (pinned !== undefined) return pinnedAgent(pinned);
  return isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
};

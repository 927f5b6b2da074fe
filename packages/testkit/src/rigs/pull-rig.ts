import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { Ports } from "@contentlib/server/app/ports";
import { ScriptedRemote } from "../fakes/scripted-remote.ts";
import type { RigStorage } from "./app-rig.ts";
import { openPackageRig } from "./package-rig.ts";
import { SessionRig } from "./session-rig.ts";

type Added = Awaited<ReturnType<SessionRig["add"]>>;
type FileSpec = Parameters<SessionRig["add"]>[1];

/** Where the files of tests are pulled from. */
export const DEPOT = "https://depot.example";

/** Turns of the event loop after which something that was to happen will not. */
const TURNS_MAX = 5_000;

/** Waits until it is so, without any time passing; background work goes on meanwhile. */
export const until = async (
  what: string,
  isSo: () => Promise<boolean> | boolean,
): Promise<void> => {
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    if (await isSo()) return;
    await turn();
  }
  assert.fail(`It did not come so far: ${what}`);
};

/** A session rig whose other servers are in the test's hand. */
export interface PullRig {
  readonly session: SessionRig;
  readonly remote: ScriptedRemote;
  /** Adds a file that is pulled from the address of its name at the depot. */
  pull(name: string, spec?: FileSpec): Promise<Added>;
  /** Resolves with the file once it is READY or in ERROR; time passes meanwhile, as far as waiting for the next try takes. */
  settled(name: string): Promise<Added>;
}

const open = (session: SessionRig, remote: ScriptedRemote): PullRig => ({
  session,
  remote,
  pull: (name, spec = {}) =>
    session.add(name, {
      source_type: "PULL",
      source_endpoint: { uri: `${DEPOT}/${encodeURIComponent(name)}` },
      ...spec,
    }),
  settled: async (name) => {
    for (let waits = 0; waits < TURNS_MAX; waits += 1) {
      const file = await session.file(name);
      if (file.status === "READY" || file.status === "ERROR") return file;
      await session.clock.advance(100);
      await turn();
    }
    assert.fail(`The pull of ${name} came to no end.`);
  },
});

/** On memory, or on what the test makes of it; ports may be others than the rig's. */
export const openPullRig = async (
  around?: (storage: RigStorage) => RigStorage,
  others: Partial<Ports> = {},
): Promise<PullRig> => {
  const remote = new ScriptedRemote();
  return open(await SessionRig.open(around, { remote, ...others }), remote);
};

/** The same, on an item whose files belong together. */
export const openPackagePullRig = async (others: Partial<Ports> = {}): Promise<PullRig> => {
  const remote = new ScriptedRemote();
  return open(await openPackageRig(undefined, "ovf", { remote, ...others }), remote);
};

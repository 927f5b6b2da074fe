import { aCall } from "./app-rig.ts";
import type { SessionRig } from "./session-rig.ts";

/** Longer than a blob without a reference stays. */
export const PAST_THE_GRACE_MS = 120_000;

/** Lets the library of the rig's item keep the present content alone, and waits until the bytes of all before it are gone. */
export const forgetVersions = async (rig: SessionRig): Promise<void> => {
  const { library_id: library } = await rig.item();
  await rig.handlers["librarySetting.update"]({ library, update_spec: { revisions: 1 } }, aCall());
  await rig.rig.app.duties.purge();
  await rig.clock.advance(PAST_THE_GRACE_MS);
  await rig.rig.app.duties.collectBlobs();
};

import { aCall, type RigStorage } from "./app-rig.ts";
import { sourceOf } from "../bytes/byte-sources.ts";
import { aDiscImage } from "../ovf/disc-image.ts";
import { typed } from "./package-rig.ts";
import { SessionRig } from "./session-rig.ts";

/** An image, the same without its last byte, and bytes that are none. */
export const GOOD_IMAGE: Uint8Array = aDiscImage({ boots: [0xef] });
export const SHORT_IMAGE: Uint8Array = GOOD_IMAGE.subarray(0, -1);
export const NO_IMAGE: Uint8Array = new Uint8Array(4096);

/** What a finding about the short one says. */
export const BOTH_SIZES = new RegExp(
  `${SHORT_IMAGE.length} bytes, its volume says ${GOOD_IMAGE.length}`,
);

/** What facts tell of the good one. */
export const GOOD_IMAGE_FACTS = {
  file: "x.iso",
  formats: ["ISO9660"],
  volume_label: "DISC",
  volume_size: GOOD_IMAGE.length,
  file_size: GOOD_IMAGE.length,
  boots: ["UEFI"],
  hybrid: false,
};

/** Says whether the library of the rig takes bad images. */
export const setRejects = async (rig: SessionRig, reject_bad_iso: boolean): Promise<void> => {
  const { library_id: library } = await rig.item();
  const update = { library, update_spec: { reject_bad_iso } };
  await rig.handlers["librarySetting.update"](update, aCall());
};

/** A rig whose item is of the type iso, in a library that may reject bad images. */
export const openImageRig = async ({
  rejects = false,
  around,
}: {
  readonly rejects?: boolean;
  readonly around?: (storage: RigStorage) => RigStorage;
} = {}): Promise<SessionRig> => {
  const rig = await SessionRig.open(around);
  if (rejects) await setRejects(rig, true);
  await typed(rig, "ISO");
  return rig;
};

/** Sends bytes to a file that was added. */
export const sendBytes = async (
  rig: SessionRig,
  added: Awaited<ReturnType<SessionRig["add"]>>,
  bytes: Uint8Array,
): Promise<void> => await rig.send(added, sourceOf([bytes]));

/** Adds a file and sends it. */
export const pushBytes = async (rig: SessionRig, name: string, bytes: Uint8Array): Promise<void> =>
  await sendBytes(rig, await rig.add(name), bytes);

/** What is known of the content of an item, the rig's own by default. */
export const factsOf = async (rig: SessionRig, library_item = rig.itemId) =>
  await rig.handlers["itemFact.get"]({ library_item }, aCall());

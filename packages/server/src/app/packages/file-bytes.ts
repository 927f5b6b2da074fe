import type { Checksum, ChecksumAlgorithm } from "../../domain/checksum.ts";
import type { StagedId } from "../../domain/ids.ts";
import { blobOf } from "../../domain/item.ts";
import { invariant } from "../../domain/invariant.ts";
import type { SessionFile } from "../../domain/update-session.ts";
import type { BlobStore, ByteRange, CancelSignal, OpenBlob } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";
import { partOfBlob } from "../part-of-blob.ts";
import { RottenBytes } from "./rotten-bytes.ts";
import type { WantedBytes } from "./wanted-bytes.ts";

/** Where the bytes of a file of a session are. */
interface Place {
  readonly stagedId: StagedId | null;
  /** The blob that they are, or are going to be, and how large it is. */
  readonly blob: ReturnType<typeof blobOf>;
  /** The part of it that is the file; absent where it is all of it. */
  readonly range?: ByteRange;
}

const placeOf = (file: SessionFile): Place => {
  if (file.source === "NONE") {
    const { within, sizeBytes } = file;
    const blob = blobOf(file);
    if (within === undefined) return { stagedId: null, blob };
    const start = within.offsetBytes;
    return { stagedId: null, blob, range: { start, endExclusive: start + sizeBytes } };
  }
  const { receipt } = file;
  invariant(receipt.status === "READY", `The bytes of ${file.name} are not here.`);
  return { stagedId: receipt.stagedId, blob: blobOf(receipt) };
};

/** The part of a blob that wanted bytes are; absent where they are all of it. */
const rangeOf = ({ member }: WantedBytes, place: Place): ByteRange | undefined => {
  if (member === undefined) return place.range;
  const start = member.offsetBytes;
  return { start, endExclusive: start + member.sizeBytes };
};

/** Bytes that the catalog says are here are not: that is the store's matter, and no lack of what is being sent. */
const lostBytes = (error: unknown): unknown =>
  error instanceof PortError && (error.kind === "absent" || error.kind === "exists")
    ? new PortError("corrupt", "The bytes of a file are not in the store.", { cause: error })
    : error;

/** Null where nothing is staged under that id, or not any more. */
const ifStaged = async <Result>(work: () => Promise<Result>): Promise<Result | null> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PortError && error.kind === "absent") return null;
    throw error;
  }
};

/** The bytes of the files of sessions, wherever they are. Those that were staged may have become a blob by now, and some were one from the start. */
export class FileBytes {
  readonly #blobs: BlobStore;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  async open(file: SessionFile): Promise<OpenBlob> {
    const { stagedId, blob, range } = placeOf(file);
    try {
      const staged =
        stagedId === null ? null : await ifStaged(() => this.#blobs.openStaged(stagedId));
      const opened = staged ?? (await this.#blobs.open(blob.digest));
      return range === undefined ? opened : partOfBlob(opened, range);
    } catch (error) {
      throw lostBytes(error);
    }
  }

  /**
   * Digests of wanted bytes, which are read off the main thread. Where it costs nothing more the SHA-256 is made again as well: it says
   * whether the bytes are those that the file is known by.
   */
  async checksumsOf(wanted: WantedBytes, signal: CancelSignal): Promise<readonly Checksum[]> {
    const place = placeOf(wanted.file);
    try {
      const staged = await this.#hashStaged(wanted, place, signal);
      return staged ?? (await this.#hashStored(wanted, place, signal));
    } catch (error) {
      throw lostBytes(error);
    }
  }

  async #hashStored(
    wanted: WantedBytes,
    place: Place,
    signal: CancelSignal,
  ): Promise<readonly Checksum[]> {
    const range = rangeOf(wanted, place);
    const options = { signal, ...(range === undefined ? {} : { range }) };
    const asked = withSha256(wanted.algorithms);
    return checked(wanted, await this.#blobs.checksumsOf(place.blob.digest, asked, options));
  }

  /** Null where nothing is staged. */
  async #hashStaged(
    wanted: WantedBytes,
    { stagedId, blob, range: _whole, ...place }: Place,
    signal: CancelSignal,
  ): Promise<readonly Checksum[] | null> {
    if (stagedId === null) return null;
    const { partials } = this.#blobs;
    const { algorithms } = wanted;
    const range = rangeOf(wanted, { stagedId, blob, ...place });
    if (range !== undefined) {
      const asked = withSha256(algorithms);
      const made = await ifStaged(() => partials.checksumsOf(stagedId, asked, { signal, range }));
      return made === null ? null : checked(wanted, made);
    }
    const { sizeBytes } = blob;
    const finished = await ifStaged(() =>
      partials.finish(stagedId, { sizeBytes, algorithms, signal }),
    );
    if (finished !== null && finished.digest !== wanted.digest)
      throw new RottenBytes(wanted.file.name);
    return finished?.checksums ?? null;
  }
}

const withSha256 = (algorithms: readonly ChecksumAlgorithm[]): readonly ChecksumAlgorithm[] => [
  "SHA256",
  ...algorithms.filter((algorithm) => algorithm !== "SHA256"),
];

const checked = (
  { file, member, digest }: WantedBytes,
  checksums: readonly Checksum[],
): readonly Checksum[] => {
  const made = checksums.find(({ algorithm }) => algorithm === "SHA256");
  if (made?.hex !== digest) throw new RottenBytes(member?.name ?? file.name);
  return checksums;
};

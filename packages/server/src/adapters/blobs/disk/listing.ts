import { join } from "node:path";

import { type Sha256, type StagedId, parseSha256, parseStagedId } from "../../../domain/ids.ts";
import type { StoredBlob } from "../../../ports/blob-store.ts";
import { PortError } from "../../../ports/port-error.ts";
import { orNullIfAbsent, portErrorOf } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";
import type { BlobLayout } from "./layout.ts";

/** What lies in the folders of a store; names that are not the store's own are passed over. */
export class Listing {
  readonly #fileSystem: FileSystem;
  readonly #layout: BlobLayout;

  constructor(fileSystem: FileSystem, layout: BlobLayout) {
    this.#fileSystem = fileSystem;
    this.#layout = layout;
  }

  async *staged(): AsyncIterable<StagedId> {
    const seen = new Set<StagedId>();
    // In this order, since a transfer that ends meanwhile moves its file from the one to the other.
    for (const folder of [this.#layout.incoming, this.#layout.ready]) {
      for (const name of await this.#names(folder)) {
        const stagedId = parseStagedId(name);
        if (stagedId !== null) seen.add(stagedId);
      }
    }
    yield* seen;
  }

  async *blobs(): AsyncIterable<StoredBlob> {
    for await (const digest of this.#digests()) {
      const facts = await this.#orUnlisted(this.#fileSystem.stat(this.#layout.blobFile(digest)));
      // Null where it was deleted since its name was read.
      if (facts === null) continue;
      yield { digest, sizeBytes: facts.size, storedAt: Math.round(facts.mtimeMs) };
    }
  }

  async *#digests(): AsyncIterable<Sha256> {
    const { sha256 } = this.#layout;
    for (const outer of await this.#folders(sha256)) {
      for (const inner of await this.#folders(join(sha256, outer))) {
        for (const name of await this.#names(join(sha256, outer, inner))) {
          const digest = parseSha256(name);
          if (digest !== null) yield digest;
        }
      }
    }
  }

  async #folders(folder: string): Promise<string[]> {
    return (await this.#names(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  }

  async #names(folder: string): Promise<string[]> {
    const names = await this.#orUnlisted(this.#fileSystem.readdir(folder));
    if (names !== null) return names.toSorted();
    throw new PortError("unavailable", `The folder ${folder} of the store is missing.`);
  }

  async #orUnlisted<Result>(call: Promise<Result>): Promise<Result | null> {
    try {
      return await orNullIfAbsent(call);
    } catch (error) {
      throw portErrorOf(error, "The store could not be listed.", "safe");
    }
  }
}

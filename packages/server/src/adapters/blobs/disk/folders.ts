import { dirname } from "node:path";

import { errorCodeOf } from "./file-errors.ts";
import type { FileSystem } from "./file-system.ts";

const FOLDER_MODE = 0o700;

/** Folders whose names survive a power cut. */
export class Folders {
  readonly #fileSystem: FileSystem;
  readonly #canSync: boolean;
  readonly #safe = new Set<string>();

  /** `canSync` is false where the platform has no way to sync a folder (Windows). */
  constructor(fileSystem: FileSystem, canSync: boolean) {
    this.#fileSystem = fileSystem;
    this.#canSync = canSync;
  }

  /** Makes the store's outermost folder, with all that is missing above it. */
  async makeRoot(path: string): Promise<void> {
    await this.#fileSystem.mkdir(path, { recursive: true, mode: FOLDER_MODE });
    await this.sync(dirname(path));
  }

  /**
   * Makes each of `paths`, outermost first, and syncs the folder above it. A folder that exists is synced once too: an
   * earlier process may have died between the two.
   */
  async make(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if (this.#safe.has(path)) continue;
      await this.#makeOne(path);
      await this.sync(dirname(path));
      this.#safe.add(path);
    }
  }

  /** Makes the names in a folder safe from a power cut. */
  async sync(path: string): Promise<void> {
    if (!this.#canSync) return;
    const folder = await this.#fileSystem.open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  async #makeOne(path: string): Promise<void> {
    try {
      await this.#fileSystem.mkdir(path, { recursive: false, mode: FOLDER_MODE });
    } catch (error) {
      if (errorCodeOf(error) !== "EEXIST") throw error;
    }
  }
}

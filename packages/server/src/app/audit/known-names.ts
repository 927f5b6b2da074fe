import type { ItemId, LibraryId } from "../../domain/ids.ts";
import type { Change, ChangeSet, Rev } from "../../ports/index.ts";

/** Most names that are remembered; the one that was learned longest ago goes first. */
const NAMES_MAX = 20_000;

interface KnownName {
  readonly name: string;
  /** The row it was read from, or what its writing made of that at least. */
  readonly rev: Rev;
}

/**
 * What libraries and items are called, so that not every commit has to read it again. A name that is read while another one is
 * committed never takes its place: the row it comes from is the older one.
 */
export class KnownNames {
  readonly #names = new Map<LibraryId | ItemId, KnownName>();

  find(id: LibraryId | ItemId): string | undefined {
    return this.#names.get(id)?.name;
  }

  learn(id: LibraryId | ItemId, name: string, rev: Rev): void {
    const known = this.#names.get(id);
    if (known !== undefined && known.rev > rev) return;
    this.#names.delete(id);
    if (this.#names.size >= NAMES_MAX) {
      const oldest = this.#names.keys().next();
      if (oldest.done !== true) this.#names.delete(oldest.value);
    }
    this.#names.set(id, { name, rev });
  }

  /** Learns what committed changes call things. */
  learnChanges(changes: ChangeSet): void {
    for (const change of changes) this.#learnChange(change);
  }

  #learnChange(change: Change): void {
    switch (change.kind) {
      case "library.put":
        return this.learn(change.library.id, change.library.name, (change.rev ?? 0) + 1);
      case "item.put":
        return this.learn(change.item.id, change.item.name, (change.rev ?? 0) + 1);
      case "library.delete":
      case "item.delete":
        this.#names.delete(change.id);
        return undefined;
      default:
        return undefined;
    }
  }
}

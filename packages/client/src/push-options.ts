import type { Services } from "./services/services.ts";
import type { UploadContext, UploadEvent, UploadOptions, UploadResult } from "./upload-options.ts";

/** What to push, and where to. */
export interface PushOptions extends Omit<UploadOptions, "itemId" | "onEvent"> {
  /** Name or id of the library. */
  readonly library: string;
  /** Name of the item, or the id of one that is there. An item of that name is made where there is none. */
  readonly item: string;
  /** Type of an item that is made, like `iso`. */
  readonly type?: string;
  /** Told of each event as it happens, as an alternative to reading them. */
  readonly onEvent?: (event: PushEvent) => void;
}

/** What happens in a push: the item is known, and then what happens in an upload. */
export type PushEvent =
  | { readonly type: "item"; readonly itemId: string; readonly isNew: boolean }
  | UploadEvent;

/** A finished push. */
export interface PushResult extends UploadResult {
  /** Id of the library. */
  readonly libraryId: string;
  /** Id of the item, whether it was made or was there. */
  readonly itemId: string;
  /** Whether the item was made by this push. */
  readonly isNew: boolean;
  /** The content version that the item has now; the one before where the end of the session is not waited for. */
  readonly contentVersion: string;
}

/** What a push uses of its client. */
export interface PushContext extends UploadContext {
  readonly services: UploadContext["services"] & Pick<Services, "item" | "library">;
}

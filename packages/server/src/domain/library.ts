import type { Instant, LibraryId } from "./ids.ts";

/** Where a library keeps its content; `OTHER` without a URI is the server's default place (contract L5). */
export type StorageBacking =
  | { readonly type: "OTHER"; readonly storageUri?: string }
  | { readonly type: "DATASTORE"; readonly datastoreId: string };

/** How a local library is published (contract L11); kept as told, publishing itself is another matter. */
export interface PublishInfo {
  readonly authenticationMethod: "BASIC" | "NONE";
  readonly published: boolean;
  readonly userName?: string;
  readonly persistJsonEnabled: boolean;
}

/** A content library. `version` counts changes of its own properties, beginning at 1 (contract L8). */
export interface Library {
  readonly id: LibraryId;
  readonly type: "LOCAL" | "SUBSCRIBED";
  readonly name: string;
  readonly description: string;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  readonly version: number;
  readonly storageBackings: readonly StorageBacking[];
  readonly publishInfo?: PublishInfo;
  readonly optimizeRemotePublishing?: boolean;
}

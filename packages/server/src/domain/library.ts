import type { Instant, LibraryId, SubscriptionId } from "./ids.ts";

/**
 * Where a library keeps its content (contract L5). `OTHER` without a URI is the server's default place, and so is every
 * datastore: its id is kept as told, for the client that knows it.
 */
export type StorageBacking =
  | { readonly type: "OTHER"; readonly storageUri?: string }
  | { readonly type: "DATASTORE"; readonly datastoreId: string };

/** How a local library is published (contract L11); kept as told, publishing itself is another matter. */
export interface PublishInfo {
  readonly authenticationMethod: "BASIC" | "NONE";
  readonly published: boolean;
  readonly persistJsonEnabled: boolean;
  /** Encoded hash of the password that subscribers log in with; absent for NONE. A published BASIC library always has one. */
  readonly passwordHash?: string;
}

/** Where a subscribed library takes its content from (contract L22); kept as told, following it is another matter. */
export interface SubscriptionInfo {
  readonly authenticationMethod: "BASIC" | "NONE";
  readonly automaticSyncEnabled: boolean;
  readonly onDemand: boolean;
  readonly subscriptionUrl: string;
  readonly userName?: string;
  /**
   * The password for the publisher, sealed: this server must be able to present it. Absent for NONE, and where a subscription of
   * this very server made the library, which needs none.
   */
  readonly sealedPassword?: string;
  /** SHA-1 of the publisher's certificate, lower-case hexadecimal digits in pairs joined by colons. */
  readonly sslThumbprint?: string;
  /** The publisher's certificate itself, one PEM block. */
  readonly sslCertificate?: string;
  /** The subscription that this library belongs to, where it does. */
  readonly source?: { readonly libraryId: LibraryId; readonly subscriptionId: SubscriptionId };
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
  readonly subscriptionInfo?: SubscriptionInfo;
  readonly optimizeRemotePublishing?: boolean;
  /** Id of the security policy that guards the content; absent when there is none (contract L19). */
  readonly securityPolicyId?: string;
  /** How many content versions of each item are kept, the present one among them; absent where the server's number counts. */
  readonly revisionsKept?: number;
  /** Whether its items of type iso take no bad images; absent where they do. */
  readonly rejectsBadImages?: true;
}

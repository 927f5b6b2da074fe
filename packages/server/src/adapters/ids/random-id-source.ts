import { randomBytes, randomUUID } from "node:crypto";
import type {
  AccountId,
  DownloadSessionId,
  EntryId,
  GrantId,
  GroupId,
  ItemId,
  LibraryId,
  StagedId,
  SubscriptionId,
  TokenId,
  UpdateSessionId,
} from "../../domain/ids.ts";
import type { IdSource } from "../../ports/index.ts";

const LOGIN_ID_BYTES = 16;
const ACCESS_TOKEN_BYTES = 32;

/** Identifiers and secrets from the operating system's random source. */
export class RandomIdSource implements IdSource {
  libraryId(): LibraryId {
    return randomUUID() as string as LibraryId;
  }

  itemId(): ItemId {
    return randomUUID() as string as ItemId;
  }

  updateSessionId(): UpdateSessionId {
    return randomUUID() as string as UpdateSessionId;
  }

  downloadSessionId(): DownloadSessionId {
    return randomUUID() as string as DownloadSessionId;
  }

  entryId(): EntryId {
    return randomUUID() as string as EntryId;
  }

  stagedId(): StagedId {
    return randomUUID() as string as StagedId;
  }

  subscriptionId(): SubscriptionId {
    return randomUUID() as string as SubscriptionId;
  }

  accountId(): AccountId {
    return randomUUID() as string as AccountId;
  }

  groupId(): GroupId {
    return randomUUID() as string as GroupId;
  }

  tokenId(): TokenId {
    return randomUUID() as string as TokenId;
  }

  grantId(): GrantId {
    return randomUUID() as string as GrantId;
  }

  loginId(): string {
    return randomBytes(LOGIN_ID_BYTES).toString("hex");
  }

  accessToken(): string {
    return randomBytes(ACCESS_TOKEN_BYTES).toString("hex");
  }
}

import type { z } from "zod";
import type { Immutable } from "../vocabulary/immutable.ts";
import type * as item from "./item.ts";
import type * as library from "./library.ts";
import type { loginInfo } from "./login.ts";
import type { localizationParam, message } from "./message.ts";
import type * as session from "./session.ts";

type Model<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

/** A login, as get answers it. */
export type LoginInfo = Model<typeof loginInfo>;
/** A text for people, with its id and arguments; `Message` of the vocabulary is what this server sends of it. */
export type MessageModel = Model<typeof message>;
/** One named argument of a message. */
export type LocalizationParam = Model<typeof localizationParam>;
/** A library, as get answers it. */
export type LibraryModel = Model<typeof library.libraryModel>;
/** What a new local library is made of. */
export type LocalLibraryCreateSpec = Model<typeof library.localLibraryCreateSpec>;
/** What can be changed of a local library. */
export type LocalLibraryUpdateSpec = Model<typeof library.localLibraryUpdateSpec>;
/** What can be changed of a library of any kind. */
export type LibraryUpdateSpec = Model<typeof library.libraryUpdateSpec>;
/** What libraries are looked for by. */
export type LibraryFindSpec = Model<typeof library.libraryFindSpec>;
/** A place where a library keeps its content. */
export type StorageBacking = Model<typeof library.storageBacking>;
/** Optimizations of a library, chosen when it is created. */
export type OptimizationInfo = Model<typeof library.optimizationInfo>;
/** How a library is published, as it is shown. */
export type PublishInfo = Model<typeof library.publishInfo>;
/** How a library is to be published. */
export type PublishSpec = Model<typeof library.publishSpec>;
/** A library item, as get answers it. */
export type ItemModel = Model<typeof item.itemModel>;
/** What a new item is made of. */
export type ItemCreateSpec = Model<typeof item.itemCreateSpec>;
/** What can be changed of an item. */
export type ItemUpdateSpec = Model<typeof item.itemUpdateSpec>;
/** What items are looked for by. */
export type ItemFindSpec = Model<typeof item.itemFindSpec>;
/** The checksum of a file. */
export type ChecksumInfo = Model<typeof item.checksumInfo>;
/** A file of an item. */
export type ItemFileInfo = Model<typeof item.itemFileInfo>;
/** A file of an item and where it is stored. */
export type ItemStorageInfo = Model<typeof item.itemStorageInfo>;
/** An update session, as get answers it. */
export type UpdateSessionModel = Model<typeof session.updateSessionModel>;
/** What a new update session is made of. */
export type UpdateSessionCreateSpec = Model<typeof session.updateSessionCreateSpec>;
/** What can be changed of an update session. */
export type UpdateSessionUpdateSpec = Model<typeof session.updateSessionUpdateSpec>;
/** A file to add to an update session. */
export type UpdateSessionFileAddSpec = Model<typeof session.updateSessionFileAddSpec>;
/** A file of an update session. */
export type UpdateSessionFileInfo = Model<typeof session.updateSessionFileInfo>;
/** An address that bytes are sent to or fetched from. */
export type TransferEndpoint = Model<typeof session.transferEndpoint>;
/** Whether a kind of warning is to be ignored. */
export type WarningBehavior = Model<typeof session.warningBehavior>;
/** What the metadata files of a session show before it is completed. */
export type PreviewInfo = Model<typeof session.previewInfo>;
/** What validate found. */
export type ValidationResult = Model<typeof session.validationResult>;
/** A download session, as get answers it. */
export type DownloadSessionModel = Model<typeof session.downloadSessionModel>;
/** What a new download session is made of. */
export type DownloadSessionCreateSpec = Model<typeof session.downloadSessionCreateSpec>;
/** A file of a download session. */
export type DownloadSessionFileInfo = Model<typeof session.downloadSessionFileInfo>;

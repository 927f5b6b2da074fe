import { z } from "zod";
import {
  DOWNLOAD_SESSION_STATES,
  ENDPOINT_TYPES,
  FILE_SOURCE_TYPES,
  PREPARE_STATUSES,
  TRANSFER_STATUSES,
  UPDATE_SESSION_STATES,
} from "../vocabulary/enumerations.ts";
import { checksumInfo } from "./item.ts";
import { message } from "./message.ts";
import { previewInfo, warningBehavior } from "./preview-info.ts";
import {
  anything,
  flag,
  instant,
  integer,
  listOf,
  of,
  oneOf,
  optional,
  setOf,
  structure,
  text,
} from "./schema.ts";
import { sourceEndpoint, transferEndpoint } from "./transfer-endpoint.ts";

const UPDATE_SESSION_MODEL = {
  canonical: "com.vmware.content.library.item.update_session_model",
  unions: [
    {
      tag: "state",
      cases: { ACTIVE: { allowed: ["preview_info"] }, DONE: {}, ERROR: {}, CANCELED: {} },
    },
  ],
} as const;

const DOWNLOAD_SESSION_MODEL = {
  canonical: "com.vmware.content.library.item.download_session_model",
} as const;

/** An update session, as get answers it. */
export const updateSessionModel = structure(
  "UpdateSessionModel",
  "An update session: a set of file changes to one item that happens at once or not at all.",
  {
    id: text("Id of the session."),
    library_item_id: text("Id of the item being changed."),
    library_item_content_version: text("Content version of the item when the session was created."),
    error_message: optional(
      of(message, "Why the session failed; present in the state ERROR, and only then."),
    ),
    client_progress: integer("How far the client says it is, in percent, 0 to 100."),
    state: oneOf(UPDATE_SESSION_STATES, "State of the session."),
    expiration_time: instant("Until when the session lives at least; activity moves it."),
    preview_info: optional(
      of(previewInfo, "What the metadata files show; present while ACTIVE, and only then."),
    ),
    warning_behavior: optional(listOf(warningBehavior, "Which warnings complete is to ignore.")),
  },
  UPDATE_SESSION_MODEL,
);

/** What a new update session is made of. */
export const updateSessionCreateSpec = structure(
  "UpdateSessionCreateSpec",
  "What a new update session is made of.",
  {
    library_item_id: text("Id of the item to change."),
    warning_behavior: optional(listOf(warningBehavior, "Which warnings complete is to ignore.")),
  },
  {
    ...UPDATE_SESSION_MODEL,
    ignored: [
      "id",
      "library_item_content_version",
      "error_message",
      "client_progress",
      "state",
      "expiration_time",
      "preview_info",
    ],
  },
);

/** What can be changed of an update session. */
export const updateSessionUpdateSpec = structure(
  "UpdateSessionUpdateSpec",
  "Changes to an update session. Only warning_behavior changes; without it, three other members must equal the present ones.",
  {
    warning_behavior: optional(
      listOf(warningBehavior, "Which warnings complete is to ignore; replaces the whole list."),
    ),
    library_item_id: optional(
      anything("Compared with the present item when warning_behavior is absent."),
    ),
    state: optional(anything("Compared with the present state when warning_behavior is absent.")),
    preview_info: optional(
      anything("Compared with the present preview when warning_behavior is absent."),
    ),
  },
  {
    ...UPDATE_SESSION_MODEL,
    ignored: [
      "id",
      "library_item_content_version",
      "error_message",
      "client_progress",
      "expiration_time",
    ],
    compared: ["library_item_id", "state", "preview_info"],
  },
);

/** A file to add to an update session. */
export const updateSessionFileAddSpec = structure(
  "UpdateSessionFileAddSpec",
  "A file to add to an update session.",
  {
    name: text(
      "Name of the file in the item, 1 to 255 bytes of UTF-8, with no slash, backslash or control character.",
    ),
    source_type: oneOf(
      FILE_SOURCE_TYPES,
      "Where the bytes come from; NONE takes an earlier change of this file back.",
    ),
    source_endpoint: optional(
      of(sourceEndpoint, "Where to fetch the bytes; belongs to the source type PULL."),
    ),
    size: optional(
      integer("Size of the file in bytes, checked on receipt; zero or -1 counts as absent."),
    ),
    checksum_info: optional(of(checksumInfo, "Checksum of the file, checked on receipt.")),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.file.add_spec",
    required: ["name", "source_type"],
    unions: [
      {
        tag: "source_type",
        cases: { PULL: { required: ["source_endpoint"] }, NONE: {}, PUSH: {} },
      },
    ],
  },
);

/** A file of an update session. */
export const updateSessionFileInfo = structure(
  "UpdateSessionFileInfo",
  "A file of an update session.",
  {
    name: text("Name of the file, unique in the session."),
    source_type: oneOf(
      FILE_SOURCE_TYPES,
      "Where the bytes come from; NONE for a file that stays as it is.",
    ),
    size: optional(integer("Size of the received file in bytes; present once it is READY.")),
    checksum_info: optional(of(checksumInfo, "Checksum of the file.")),
    source_endpoint: optional(
      of(
        sourceEndpoint,
        "Where the bytes are fetched from, for the source type PULL; without a login that stood in its uri.",
      ),
    ),
    upload_endpoint: optional(
      of(transferEndpoint, "Where to send the bytes, for the source type PUSH."),
    ),
    bytes_transferred: integer("Bytes received so far."),
    status: oneOf(TRANSFER_STATUSES, "How far the transfer is."),
    error_message: optional(
      of(message, "Why the transfer failed; present in the status ERROR, and only then."),
    ),
    keep_in_storage: optional(
      flag("False for a file that is checked but not kept; true when absent."),
    ),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.file.info",
    required: ["name", "source_type", "bytes_transferred", "status"],
    unions: [
      {
        tag: "source_type",
        cases: {
          PULL: { required: ["source_endpoint"] },
          PUSH: { required: ["upload_endpoint"] },
          NONE: {},
        },
      },
    ],
  },
);

/** Why a file of a session can not be used. */
export const validationError = structure(
  "ValidationError",
  "Why a file of a session can not be used.",
  {
    name: text("Name of the file."),
    error_message: of(message, "What is wrong with it."),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.file.validation_error",
    required: ["name", "error_message"],
  },
);

/** What validate found. */
export const validationResult = structure(
  "ValidationResult",
  "What validate found in the files of a session.",
  {
    has_errors: flag("Whether one of the two lists holds something."),
    missing_files: setOf(z.string(), "Names of files the item type needs and the session lacks."),
    invalid_files: listOf(validationError, "Files that can not be used, and why."),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.file.validation_result",
    required: ["has_errors", "missing_files", "invalid_files"],
  },
);

/** A download session, as get answers it. */
export const downloadSessionModel = structure(
  "DownloadSessionModel",
  "A download session: one version of an item held for reading.",
  {
    id: text("Id of the session."),
    library_item_id: text("Id of the item being read."),
    library_item_content_version: text(
      "Content version of the item, fixed when the session was created.",
    ),
    error_message: optional(
      of(message, "Why the session failed; present in the state ERROR, and only then."),
    ),
    client_progress: integer("How far the client says it is, in percent, 0 to 100."),
    state: oneOf(DOWNLOAD_SESSION_STATES, "State of the session; there is no state for success."),
    expiration_time: instant("Until when the session lives at least; activity moves it."),
  },
  DOWNLOAD_SESSION_MODEL,
);

/** What a new download session is made of. */
export const downloadSessionCreateSpec = structure(
  "DownloadSessionCreateSpec",
  "What a new download session is made of.",
  { library_item_id: text("Id of the item to read.") },
  {
    ...DOWNLOAD_SESSION_MODEL,
    ignored: [
      "id",
      "library_item_content_version",
      "error_message",
      "client_progress",
      "state",
      "expiration_time",
    ],
  },
);

/** A file of a download session. */
export const downloadSessionFileInfo = structure(
  "DownloadSessionFileInfo",
  "A file of a download session.",
  {
    name: text("Name of the file."),
    size: optional(integer("Size of the file in bytes.")),
    bytes_transferred: integer("Bytes made ready so far."),
    status: oneOf(PREPARE_STATUSES, "How far the preparation is."),
    download_endpoint: optional(
      of(transferEndpoint, "Where to fetch the bytes; present once PREPARED."),
    ),
    checksum_info: optional(
      of(checksumInfo, "Checksum of the file; present once the whole file was read."),
    ),
    error_message: optional(
      of(message, "Why the preparation failed; present in the status ERROR, and only then."),
    ),
  },
  {
    canonical: "com.vmware.content.library.item.downloadsession.file.info",
    required: ["name", "bytes_transferred", "status"],
  },
);

/** How a file is to be fetched from a download session. */
export const endpointType = oneOf(
  ENDPOINT_TYPES,
  "How the file is to be fetched; HTTPS when absent.",
);

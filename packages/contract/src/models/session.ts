import { z } from "zod";
import {
  DOWNLOAD_SESSION_STATES,
  ENDPOINT_TYPES,
  FILE_SOURCE_TYPES,
  PREPARE_STATUSES,
  PREVIEW_STATES,
  TRANSFER_STATUSES,
  UPDATE_SESSION_STATES,
  WARNING_TYPES,
} from "../vocabulary/enumerations.ts";
import { checksumInfo } from "./item.ts";
import { message } from "./message.ts";
import {
  anything,
  flag,
  instant,
  integer,
  listOf,
  of,
  oneOf,
  optional,
  structure,
  text,
  uri,
} from "./schema.ts";

/** An address that bytes are sent to or fetched from. */
export const transferEndpoint = structure(
  "TransferEndpoint",
  "An address that bytes are sent to or fetched from; the address itself is the permission.",
  {
    uri: uri("The absolute address."),
    ssl_certificate_thumbprint: optional(
      text("SHA-1 print of the certificate to expect there, in place of a chain check."),
    ),
  },
  { ignored: ["ssl_certificate"] },
);

/** Whether a kind of warning is to be ignored. */
export const warningBehavior = structure(
  "WarningBehavior",
  "Whether a kind of warning is to be ignored by complete.",
  {
    type: oneOf(WARNING_TYPES, "The kind of warning; each at most once in a list."),
    ignored: flag("True lets complete pass in spite of the warning."),
  },
);

/** The certificate that signed the content of a session. */
export const certificateInfo = structure(
  "CertificateInfo",
  "The certificate that signed the content of a session.",
  {
    issuer: text("Who issued the certificate, in slash form."),
    subject: text("Whom the certificate names, in slash form."),
    self_signed: flag("Whether the certificate signed itself."),
    x509: text("The certificate as PEM text."),
  },
);

/** A warning that the content of a session raises. */
export const previewWarning = structure(
  "PreviewWarning",
  "A warning that the content of a session raises.",
  {
    type: oneOf(WARNING_TYPES, "The kind of warning."),
    message: of(message, "What is amiss."),
    ignored: flag("Whether warning_behavior says to ignore it."),
  },
);

/** What the metadata files of a session show before it is completed. */
export const previewInfo = structure(
  "PreviewInfo",
  "What the metadata files of a session show before it is completed.",
  {
    state: oneOf(PREVIEW_STATES, "How far the preview is."),
    certificate_info: optional(
      of(certificateInfo, "The signing certificate; absent when unsigned."),
    ),
    warnings: optional(
      listOf(previewWarning, "The warnings; present when the preview is available, and only then."),
    ),
    cert_chain: optional(
      listOf(
        z.string(),
        "The certificates, the signing one first, in base64; absent when unsigned.",
      ),
    ),
  },
);

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
      of(transferEndpoint, "Where to fetch the bytes; belongs to the source type PULL."),
    ),
    size: optional(
      integer("Size of the file in bytes, checked on receipt; zero or -1 counts as absent."),
    ),
    checksum_info: optional(of(checksumInfo, "Checksum of the file, checked on receipt.")),
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
      of(transferEndpoint, "Where the bytes are fetched from, for the source type PULL."),
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
);

/** Why a file of a session can not be used. */
export const validationError = structure(
  "ValidationError",
  "Why a file of a session can not be used.",
  {
    name: text("Name of the file."),
    error_message: of(message, "What is wrong with it."),
  },
);

/** What validate found. */
export const validationResult = structure(
  "ValidationResult",
  "What validate found in the files of a session.",
  {
    has_errors: flag("Whether one of the two lists holds something."),
    missing_files: listOf(z.string(), "Names of files the item type needs and the session lacks."),
    invalid_files: listOf(validationError, "Files that can not be used, and why."),
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
);

/** What a new download session is made of. */
export const downloadSessionCreateSpec = structure(
  "DownloadSessionCreateSpec",
  "What a new download session is made of.",
  { library_item_id: text("Id of the item to read.") },
  {
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
);

/** How a file is to be fetched from a download session. */
export const endpointType = oneOf(
  ENDPOINT_TYPES,
  "How the file is to be fetched; HTTPS when absent.",
);

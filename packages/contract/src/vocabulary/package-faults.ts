import type { FaultEntry } from "./fault-entry.ts";

/** The expected errors of files that belong together, as those of an OVF package do. */
export const PACKAGE_FAULTS = {
  "transfer.file_refused": {
    class: "invalid_argument",
    id: "contentlib.transfer.file_refused",
    text: "File {0} is refused. {1} {2}",
    retry: "never",
  },
  "update_session.file_unusable": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.file_unusable",
    text: "File {0} can not be used as it is. {1} {2}",
    retry: "never",
  },
  "update_session.metadata_too_late": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.metadata_too_late",
    text: "File {0} must be added before the descriptor {1}. Remove {1} from the session, then add {0} and after it {1} again.",
    retry: "never",
  },
  "update_session.second_descriptor": {
    class: "invalid_argument",
    id: "contentlib.update_session.second_descriptor",
    text: "File {0} can not be added: the package has the descriptor {1} already, and can have only one. Remove {1} from the session first.",
    retry: "never",
  },
  "update_session.archive_alone": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.archive_alone",
    text: "File {1} can not be added: {0} brings the whole package. Remove {0} from the session first, or leave {1} out.",
    retry: "never",
  },
  "update_session.not_alone": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.not_alone",
    text: "File {0} can not be added: it brings the whole package, and the session brings {1} already. Remove {1} from the session first, or leave {0} out.",
    retry: "never",
  },
  "update_session.member_of_archive": {
    class: "not_allowed_in_current_state",
    id: "contentlib.update_session.member_of_archive",
    text: "File {0} can not be removed by itself: it is part of {1}. Remove {1} from the session, or send another archive in its place.",
    retry: "never",
  },
  "update_session.preview_warnings": {
    class: "not_allowed_in_current_state",
    id: "contentlib.preview_warnings",
    text: "The signature of the content raises warnings that are not ignored ({0}): {1} To accept them, send the files in a new session whose warning_behavior ignores {0}; the preview shows each warning before complete.",
    retry: "never",
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;

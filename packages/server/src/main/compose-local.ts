import { DirectorySource } from "../adapters/local-source/directory-source.ts";
import type { PullDirectory } from "../config/pull-directories.ts";
import type { Clock, LocalSource } from "../ports/index.ts";

/** Composes the source that files of this machine are pulled by; nothing is open where nobody says so. */
export const composeLocal = (
  clock: Pick<Clock, "sleep">,
  directories: readonly PullDirectory[] = [],
  closed: readonly string[] = [],
): LocalSource => new DirectorySource({ clock, directories, closed });

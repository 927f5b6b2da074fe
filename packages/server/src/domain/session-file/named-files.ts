import type { EntryId } from "../ids.ts";
import type { MissingFile } from "../package.ts";
import { checkFileName } from "../names.ts";
import type { PullSource } from "../pull-source.ts";
import { baseOf, withoutLogin } from "../pull-source.ts";
import { readRemoteUrl } from "../remote-url.ts";
import { originOf } from "../secret.ts";
import { readStorageUrl } from "../storage-url.ts";
import type { PulledFile, Receipt, SessionFile } from "../update-session.ts";

/** A pulled file whose bytes are here. */
export type ReadyPulledFile = PulledFile & {
  readonly receipt: Extract<Receipt, { readonly status: "READY" }>;
};

const HTTP = /^(https?):\/\/([^/?#]*)/i;
const DESCRIPTOR = /\.ovf$/i;

/** Whether files can be pulled by the address. */
const canPullFrom = (url: string): boolean =>
  readRemoteUrl(url).kind === "http" || readStorageUrl(url).kind !== "invalid";

/** Whether it is still to be found out which files that one names beside itself: a descriptor that nobody has looked at so far. (S116) */
export const isToFollow = (file: SessionFile): file is ReadyPulledFile =>
  file.source === "PULL" &&
  file.receipt.status === "READY" &&
  file.from.isFollowed === undefined &&
  DESCRIPTOR.test(file.name) &&
  canPullFrom(file.from.url);

/** The file once what it names is pulled, too: its login has no further use. */
export const followed = (file: ReadyPulledFile): ReadyPulledFile => ({
  ...file,
  from: { ...withoutLogin(file.from), isFollowed: true },
});

/** Whether what lies beside the file is of the origin that its pin, its secret and its login are for. */
export const isOfItsOrigin = (from: PullSource): boolean =>
  originOf(baseOf(from)) === originOf(from.url);

/**
 * Where a file of that name lies that is named beside one that came from there. The name is that of the file in its package, whatever
 * the signs of the href: so it takes the place of the last name in the address, and leads nowhere else.
 */
export const sourceBeside = (from: PullSource, name: string): PullSource => {
  const base = baseOf(from);
  const [start = ""] = HTTP.exec(base) ?? [];
  const directory = base.slice(0, Math.max(base.lastIndexOf("/"), start.length));
  const url = `${directory}/${encodeURIComponent(name)}`;
  const { pin, secret } = from;
  if (!isOfItsOrigin(from)) return { url };
  return {
    url,
    ...(pin === undefined ? {} : { pin }),
    ...(secret === undefined ? {} : { secret }),
  };
};

/** A file that one of the set names beside itself, and where it lies. */
export interface NamedFile {
  readonly name: string;
  readonly from: PullSource;
}

/**
 * The files that a descriptor names beside itself, and that nobody has added: those are pulled from where it came from. What it
 * calls by an address, and what could be no file of an item, is left alone. (S115)
 */
export const filesNamedBy = (
  descriptor: ReadyPulledFile,
  missing: readonly MissingFile[],
): readonly NamedFile[] =>
  missing
    .filter(({ namedBy, name }) => namedBy === descriptor.name && checkFileName(name) === null)
    .map(({ name }) => ({ name, from: sourceBeside(descriptor.from, name) }))
    .filter(({ from }) => canPullFrom(from.url));

/** A named file as the session has it while it waits to be pulled. */
export const pulledFile = (
  { name, from }: NamedFile,
  entryId: EntryId,
  sealedLogin: string | null,
): PulledFile => ({
  source: "PULL",
  name,
  entryId,
  from: sealedLogin === null ? from : { ...from, sealedLogin },
  receipt: { status: "WAITING" },
});

/** Longest address of a file on this machine, in characters. */
export const STORAGE_URL_CHARACTERS_MAX = 8_000;

/** What the address of a file on this machine turns out to be; `names` are its folders and the file itself, from the outside in. */
export type StorageUrl =
  | { readonly kind: "file"; readonly names: readonly string[] }
  /** On a datastore, which stands for a directory. */
  | { readonly kind: "ds"; readonly volume: string; readonly names: readonly string[] }
  | { readonly kind: "invalid"; readonly reason: string };

/** The schemes of files on this machine. */
export const STORAGE_SCHEMES: readonly string[] = ["ds", "file"];

/** With an empty host or this one, or without any. */
const FILE = /^file:(?:\/\/(?:localhost)?(\/[^]*)|(\/(?!\/)[^]*))$/i;
const DATASTORE = /^ds:\/\/(\/[^]*)$/i;
/** The long form of a datastore's place. */
const VOLUMES = ["vmfs", "volumes"] as const;

const invalid = (reason: string): Extract<StorageUrl, { readonly kind: "invalid" }> => ({
  kind: "invalid",
  reason,
});

/** One name of a path; null for what can be none, or would lead elsewhere. */
const readName = (text: string): string | null => {
  let name: string;
  try {
    name = decodeURIComponent(text);
  } catch {
    // The signs hide something else than UTF-8, or there are too few of them.
    return null;
  }
  const isName = name !== "." && name !== ".." && !name.includes("/") && !name.includes("\0");
  return isName ? name : null;
};

/** Doubled slashes count as one, as file systems have it; a slash at the end names a folder. */
const readNames = (path: string): readonly string[] | ReturnType<typeof invalid> => {
  if (path.endsWith("/")) return invalid("it names no file");
  const names: string[] = [];
  for (const part of path.split("/")) {
    if (part === "") continue;
    const name = readName(part);
    if (name === null)
      return invalid(
        "a part of its path can be no name: . and .. are none, nor what hides a slash or a NUL, or is not UTF-8",
      );
    names.push(name);
  }
  return names;
};

const readFile = (path: string): StorageUrl => {
  if (/[?#]/.test(path)) return invalid("it holds ? or #, which in a path are %3F and %23");
  const names = readNames(path);
  return "kind" in names ? names : { kind: "file", names };
};

/** What stands behind the path tells of the server that the datastore is of, and is passed over. */
const readDatastore = (text: string): StorageUrl => {
  const names = readNames(text.replace(/[?#][^]*$/, ""));
  if ("kind" in names) return names;
  const isLong = names[0] === VOLUMES[0] && names[1] === VOLUMES[1];
  const [volume, ...rest] = isLong ? names.slice(VOLUMES.length) : names;
  return volume === undefined || rest.length === 0
    ? invalid("it must be ds:///vmfs/volumes/NAME/PATH or ds:///NAME/PATH")
    : { kind: "ds", volume, names: rest };
};

/**
 * Reads the address of a file on this machine: `file:///PATH`, `ds:///vmfs/volumes/NAME/PATH` or `ds:///NAME/PATH`, with per cent signs
 * as in any URL. Whatever comes of it lies below the root, without a step back. The reason never repeats the address.
 */
export const readStorageUrl = (text: string): StorageUrl => {
  if (text.length > STORAGE_URL_CHARACTERS_MAX)
    return invalid(`it is longer than ${STORAGE_URL_CHARACTERS_MAX} characters`);
  const file = FILE.exec(text);
  if (file !== null) return readFile(file[1] ?? file[2] ?? "");
  const datastore = DATASTORE.exec(text)?.[1];
  if (datastore !== undefined) return readDatastore(datastore);
  return invalid("it must begin with file:/// or ds:///");
};

/** How many chunks a file has that is cut up (DSP0243 7.1): one at least, also where it would fit into less. */
export const chunkCountOf = (sizeBytes: number, chunkBytes: number): number =>
  Math.max(1, Math.ceil(sizeBytes / chunkBytes));

const DIGITS = 9;

/** The name of a chunk of a file; numbers count from zero. */
export const chunkNameOf = (name: string, number: number): string =>
  `${name}.${String(number).padStart(DIGITS, "0")}`;

/** The file and the number that the name of a chunk tells; null for a name that is not of this form. */
export const parseChunkName = (
  name: string,
): { readonly name: string; readonly number: number } | null => {
  const dot = name.length - DIGITS - 1;
  if (dot < 1 || name[dot] !== ".") return null;
  const digits = name.slice(dot + 1);
  return /^[0-9]+$/.test(digits) ? { name: name.slice(0, dot), number: Number(digits) } : null;
};

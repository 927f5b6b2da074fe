import { textOfBytes } from "../text-of-bytes.ts";

/** The text before the first zero of a field that is filled up with zeros. */
export const readTarField = (field: Uint8Array): string => {
  const end = field.indexOf(0);
  return textOfBytes(end === -1 ? field : field.subarray(0, end));
};

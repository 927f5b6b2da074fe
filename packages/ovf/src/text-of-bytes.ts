import { latin1Of } from "./latin1.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes as text: UTF-8 as all tools write today, else Latin-1, which any bytes are. */
export const textOfBytes = (bytes: Uint8Array): string => {
  try {
    return UTF8.decode(bytes);
  } catch {
    return latin1Of(bytes);
  }
};

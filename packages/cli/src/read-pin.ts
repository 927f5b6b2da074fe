import type { CertificatePin } from "@contentlib/client/node";
import { EXIT_CODES } from "./exit-codes.ts";
import { Failure } from "./failure.ts";

/** Reads a pin that somebody gave, as the client does. Throws Failure, which says where it was given, for what is none. */
export async function readPin(text: string, by: string): Promise<CertificatePin> {
  const { parsePin } = await import("@contentlib/client/node");
  try {
    return parsePin(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Failure(EXIT_CODES.usage, `${by}: ${error.message}`);
  }
}

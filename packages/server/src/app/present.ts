import type { Message } from "@contentlib/contract/vocabulary";
import type { Checksum } from "../domain/checksum.ts";

export { instantText as presentTime } from "../domain/instant.ts";

/** A counter as the API spells it: a decimal string (contract T17). */
export const presentVersion = (version: number): string => String(version);

export const presentChecksum = (
  checksum: Checksum,
): { algorithm: Checksum["algorithm"]; checksum: string } => ({
  algorithm: checksum.algorithm,
  checksum: checksum.hex,
});

/** A name as one segment of a URI's path; unlike `encodeURIComponent` alone it leaves nothing a file system or shell would trip over. */
export const pathSegment = (name: string): string =>
  encodeURIComponent(name).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A message as the contract's models have it: lists there are not read-only. */
export const presentMessage = (
  message: Message,
): { id: string; default_message: string; args: string[] } => ({
  id: message.id,
  default_message: message.default_message,
  args: [...message.args],
});

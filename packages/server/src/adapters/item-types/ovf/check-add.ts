import { faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { PresentName } from "../../../ports/item-type.ts";
import { isArchiveName, isDescriptor, isProof } from "./roles.ts";

/** An archive is a whole package: a session that brings one brings nothing else. (S121) */
export const checkAlone = (
  { name, isPushed }: PresentName,
  present: readonly PresentName[],
): FaultValue | null => {
  if (!isPushed) return null;
  const others = present.filter((one) => one.isPushed && one.name !== name);
  const archive = others.find((one) => isArchiveName(one.name));
  if (archive !== undefined) return faultOf("update_session.archive_alone", archive.name, name);
  const [other] = others;
  return other === undefined || !isArchiveName(name)
    ? null
    : faultOf("update_session.not_alone", name, other.name);
};

/** One descriptor a package; and what proves something comes before what says which files there are. (S95) */
export const checkMetadata = (
  { name, isPushed }: PresentName,
  present: readonly PresentName[],
): FaultValue | null => {
  const others = present.filter((one) => one.name !== name && isDescriptor(one.name));
  const [other] = others;
  if (other !== undefined && isDescriptor(name))
    return faultOf("update_session.second_descriptor", name, other.name);
  const descriptor = others.find((one) => one.isPushed);
  // A file that is there already is only sent again.
  const isThere = present.some((one) => one.name === name);
  return isPushed && isProof(name) && descriptor !== undefined && !isThere
    ? faultOf("update_session.metadata_too_late", name, descriptor.name)
    : null;
};

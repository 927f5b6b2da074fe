import type { Client, ItemFileInfo } from "@contentlib/client";
import type { OutgoingFile } from "./outgoing-files.ts";

/** What says something of the other files of an OVF package: it is checked when it comes, and is no file of the item afterwards. */
const PROOF = /\.(mf|cert)$/i;
const SIGNATURE = /\.cert$/i;
const DESCRIPTOR = /\.ovf$/i;
const ARCHIVE = /\.ova$/i;

/** Whether a file is an archive, whose members become the files of the item. */
export const isArchive = ({ name }: { readonly name: string }): boolean => ARCHIVE.test(name);

/** An item that is there, and what is to be pushed into it. */
export interface PresentItem {
  readonly itemId: string;
  readonly present: readonly ItemFileInfo[];
  readonly files: readonly OutgoingFile[];
}

/**
 * Files that need not be sent: the item has them, of the same name, size and digest, which is worth one reading; or its files came in
 * that very archive; or they are the manifest and the certificate of a package that has not changed, and that the server has judged by
 * such already.
 */
export async function unchangedFiles(
  client: Client,
  item: PresentItem,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const archive = await archiveOf(client, item, signal);
  const unchanged = await sameFiles({ ...item, present: [...item.present, ...archive] }, signal);
  const proofs = item.files.map(({ name }) => name).filter((name) => PROOF.test(name));
  const others = item.files.map(({ name }) => name).filter((name) => !PROOF.test(name));
  const isSamePackage =
    others.some((name) => DESCRIPTOR.test(name)) && others.every((name) => unchanged.has(name));
  const areToBeSent = proofs.some((name) => !unchanged.has(name));
  if (isSamePackage && areToBeSent && (await isProved(client, item.itemId, { proofs, signal })))
    for (const name of proofs) unchanged.add(name);
  return unchanged;
}

/** What an item has of a file, as far as it counts here. */
type PresentFile = Pick<ItemFileInfo, "checksum_info" | "name" | "size">;

/** The archive that the files of the item came in, which no list shows; only servers of this make keep one. */
async function archiveOf(
  client: Client,
  { itemId, present, files }: PresentItem,
  signal: AbortSignal,
): Promise<readonly PresentFile[]> {
  const isOf = files.some(isArchive) && present.length > 0;
  if (!isOf || (await client.serverVersion(signal)) === null) return [];
  const { original } = await client.itemFact.get({ library_item: itemId }, { signal });
  return original === undefined ? [] : [original];
}

async function sameFiles(
  { files, present }: Pick<PresentItem, "files"> & { readonly present: readonly PresentFile[] },
  signal: AbortSignal,
): Promise<Set<string>> {
  const { fileDigest } = await import("@contentlib/client/node");
  const unchanged = new Set<string>();
  for (const file of files) {
    const there = present.find(
      ({ name, size }) => name === file.name && size === file.source.sizeBytes,
    );
    const checksum = there?.checksum_info;
    if (checksum === undefined || file.path === null) continue;
    const digest = await fileDigest(file.path, checksum.algorithm ?? "SHA1", signal);
    if (digest === checksum.checksum.toLowerCase()) unchanged.add(file.name);
  }
  return unchanged;
}

/** Whether the server has looked into the package; where a certificate is pushed, whether it knows who signed. */
async function isProved(
  client: Client,
  itemId: string,
  { proofs, signal }: { readonly proofs: readonly string[]; readonly signal: AbortSignal },
): Promise<boolean> {
  // Servers of another make keep manifests, or tell nothing of what they came to.
  if ((await client.serverVersion(signal)) === null) return false;
  const { verification } = await client.itemFact.get({ library_item: itemId }, { signal });
  const isSigned = verification?.cert_chain !== undefined;
  return verification !== undefined && (isSigned || !proofs.some((name) => SIGNATURE.test(name)));
}

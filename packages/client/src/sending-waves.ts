/** What proves an OVF package must be in its session before the descriptor is. */
const DESCRIPTOR = /\.ovf$/i;
const PROOF = /\.(mf|cert)$/i;

/**
 * The files in the order in which a server wants them: those of a wave at the same time, and a wave once the one before it is
 * sent. Manifests and certificates go before a descriptor, whatever order they are given in; all else is one wave.
 */
export function sendingWaves<File extends { readonly name: string }>(
  files: readonly File[],
): readonly (readonly File[])[] {
  if (!files.some(({ name }) => DESCRIPTOR.test(name))) return [files];
  const proofs = files.filter(({ name }) => PROOF.test(name));
  const others = files.filter(({ name }) => !PROOF.test(name));
  return proofs.length === 0 ? [files] : [proofs, others];
}

/** Where a file stands by the end of its name; all others come behind these. */
const ORDER: readonly RegExp[] = [/\.mf$/i, /\.cert$/i, /\.ovf$/i];
const DESCRIPTOR = 2;

const placeOf = (name: string): number => {
  const place = ORDER.findIndex((ending) => ending.test(name));
  return place < 0 ? ORDER.length : place;
};

/**
 * The files in the order in which a server wants them added: those of a wave at the same time, and a wave once the one before it is
 * sent. What proves an OVF package, its manifest and its certificate, goes before the descriptor, whatever order they are given in; the
 * descriptor is begun before what it names. Files without a descriptor are one wave.
 */
export function sendingWaves<File extends { readonly name: string }>(
  files: readonly File[],
): readonly (readonly File[])[] {
  if (!files.some(({ name }) => placeOf(name) === DESCRIPTOR)) return [files];
  const inOrder = files.toSorted((one, other) => placeOf(one.name) - placeOf(other.name));
  const proofs = inOrder.filter(({ name }) => placeOf(name) < DESCRIPTOR);
  return proofs.length === 0 ? [inOrder] : [proofs, inOrder.slice(proofs.length)];
}

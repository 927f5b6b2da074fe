interface Catalogue {
  readonly faults: Readonly<Record<string, { readonly class: string }>>;
  readonly operations: Readonly<Record<string, { readonly faults: readonly string[] }>>;
  readonly implicit: readonly string[];
}

/** A fault that no operation declares would be demoted to an internal error at the wire, so it is a mistake here. */
export function undeclaredFaults({ faults, operations, implicit }: Catalogue): readonly string[] {
  const declared = new Set([
    ...implicit,
    ...Object.values(operations).flatMap((operation) => operation.faults),
  ]);
  return Object.entries(faults)
    .filter(([, entry]) => !declared.has(entry.class))
    .map(([code, entry]) => `no operation declares ${entry.class}, the class of ${code}`);
}

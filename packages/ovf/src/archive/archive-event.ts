/** What an archive consists of, told while its bytes pass. Offsets count from the archive's first byte. */
export type ArchiveEvent =
  | {
      readonly kind: "member";
      readonly name: string;
      /** Where the member's first byte lies, and how many there are. */
      readonly offset: number;
      readonly sizeBytes: number;
    }
  /** Bytes of the member that began last, in order; a view of what was written, valid until the call returns. */
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "member-end" }
  /** The mark of the end was seen, or the bytes ended: the archive has so many bytes, and what follows is not of it. */
  | { readonly kind: "end"; readonly sizeBytes: number };

/** Why a port could not do what was asked. "I could not find out" is `unavailable`, never `absent`. */
export type PortErrorKind =
  | "absent"
  | "exists"
  | "corrupt"
  | "full"
  | "denied"
  | "unavailable"
  | "cancelled";

/** The one error that adapters throw; the vendor's own error is kept as its cause. */
export class PortError extends Error {
  override readonly name = "PortError";
  readonly kind: PortErrorKind;
  /** Whether repeating the very same call is harmless and may help. */
  readonly retry: "never" | "safe";

  constructor(
    kind: PortErrorKind,
    sentence: string,
    options: { readonly retry?: "never" | "safe"; readonly cause?: unknown } = {},
  ) {
    super(sentence, { cause: options.cause });
    this.kind = kind;
    this.retry = options.retry ?? "never";
  }
}

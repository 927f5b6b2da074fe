import { PortError, type PortErrorKind } from "@contentlib/server/ports/port-error";

/** For `assert.rejects`: accepts a `PortError` of this kind and nothing else. */
export const portErrorWith =
  (kind: PortErrorKind) =>
  (error: unknown): true => {
    if (error instanceof PortError && error.kind === kind) return true;
    throw new Error(`A PortError of kind ${kind} was expected.`, { cause: error });
  };

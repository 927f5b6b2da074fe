/** A mistake in this program, never in a request: the caller learns only a request id, the log learns the rest. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Throws an `InvariantError` with the sentence when the condition does not hold. */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence);
}

/** The end of an exhaustive `switch`: it does not compile while a case is missing. */
export const unreachable = (value: never): never => {
  throw new InvariantError(`There is no case for ${JSON.stringify(value)}.`);
};

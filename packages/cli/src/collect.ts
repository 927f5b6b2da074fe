import { InvalidArgumentError } from "commander";

/** Gathers the values of an option that may be given more than once. */
export function collect(value: string, values: readonly string[] = []): readonly string[] {
  if (value === "") throw new InvalidArgumentError("It is not empty.");
  return [...values, value];
}

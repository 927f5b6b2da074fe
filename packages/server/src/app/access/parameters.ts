/** The parameters of a call, by their names. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The value of a parameter, or of a member of one, e.g. `create_spec.library_id`; undefined where it is no text. */
export const textAt = (input: Parameters, path: string): string | undefined => {
  let value: unknown = input;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Parameters)[name];
  }
  return typeof value === "string" ? value : undefined;
};

/** Parameters of which only that one is known. */
export const withTextAt = (path: string, text: string): Parameters => {
  const [first = "", ...rest] = path.split(".");
  return { [first]: rest.length === 0 ? text : withTextAt(rest.join("."), text) };
};

/** A set of characters, one of the two signs, a run of encoded characters, or anything else. */
const TOKEN = /\[(?<not>!?)(?<set>[^\]]+)\]|(?<sign>[*?])|(?:%[0-9a-f]{2})+|[^%*?[]+|./gisu;

/** Whether a text has a sign of a pattern in it. */
export const hasSign = (text: string): boolean => /[*?[]/.test(text);

/**
 * Tells whether names on the server match a pattern: `*` is any part of a name, `?` one character, `[a-z]` one of these, `[!a-z]`
 * none of them. Nothing is hidden there, and a slash or a dot is a character like others. `decode` is for what is no sign, as
 * where a pattern is written in an address: what is encoded is itself.
 */
export function namePattern(
  pattern: string,
  decode: (text: string) => string = (text) => text,
): (name: string) => boolean {
  const source = [...pattern.matchAll(TOKEN)].map(({ 0: text, groups = {} }) => {
    if (groups["sign"] !== undefined) return groups["sign"] === "*" ? ".*" : ".";
    const set = groups["set"];
    if (set === undefined) return RegExp.escape(decode(text));
    return `[${groups["not"] === "" ? "" : "^"}${setOf(decode(set))}]`;
  });
  const expression = new RegExp(`^(?:${source.join("")})$`, "su");
  return (name) => expression.test(name);
}

/** The characters of a set and the ranges in it; a range that goes backwards is the characters it is written with. */
const setOf = (text: string): string =>
  text.replaceAll(/(.)-(.)|(.)/gsu, (whole, first?: string, last?: string) =>
    first !== undefined && last !== undefined && first <= last
      ? `${RegExp.escape(first)}-${RegExp.escape(last)}`
      : [...whole].map((character) => RegExp.escape(character)).join(""),
  );

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
    return `[${groups["not"] === "" ? "" : "^"}${setOf(signsOf(set, decode))}]`;
  });
  const expression = new RegExp(`^(?:${source.join("")})$`, "su");
  return (name) => expression.test(name);
}

/** A character of a set, and whether it is a dash that can stand between the ends of a range. */
interface SetSign {
  readonly character: string;
  readonly isDash: boolean;
}

/** The characters of a set. One that was encoded is itself, also where it is a dash. */
const signsOf = (set: string, decode: (text: string) => string): readonly SetSign[] =>
  [...set.matchAll(/(?:%[0-9a-f]{2})+|./gisu)].flatMap(([text]) => {
    const plain = decode(text);
    return [...plain].map((character) => ({ character, isDash: plain === text && text === "-" }));
  });

/** The expression for these characters and the ranges in them; a range that goes backwards is the characters it is written with. */
function setOf(signs: readonly SetSign[]): string {
  let source = "";
  for (let at = 0; at < signs.length; at += 1) {
    const [first, dash, last] = signs.slice(at, at + 3);
    if (dash?.isDash !== true || last === undefined) {
      source += RegExp.escape(first?.character ?? "");
      continue;
    }
    const [from, to] = [RegExp.escape(first?.character ?? ""), RegExp.escape(last.character)];
    source += codeOf(first) <= codeOf(last) ? `${from}-${to}` : `${from}\\-${to}`;
    at += 2;
  }
  return source;
}

/** Ranges go by the characters, and not by the halves that some are kept in. */
const codeOf = (sign: SetSign | undefined): number => sign?.character.codePointAt(0) ?? 0;

/** The words of a command line that is being typed, as a POSIX shell reads them; the last is the one at its end, perhaps empty. */
export function splitLine(line: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let quote: "'" | '"' | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (quote === "'") {
      if (character === "'") quote = null;
      else word += character;
    } else if (character === "\\") {
      at += 1;
      const next = line.charAt(at);
      word += quote === '"' && !/["\\$`]/.test(next) ? `\\${next}` : next;
    } else if (quote === '"') {
      if (character === '"') quote = null;
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (/\s/.test(character)) {
      if (!/\s/.test(line.charAt(at - 1)) || isEscaped(line, at - 1)) words.push(word);
      word = "";
    } else word += character;
  }
  return [...words, word];
}

/** Whether a backslash makes this character an ordinary one. */
function isEscaped(line: string, at: number): boolean {
  let slashes = 0;
  while (line.charAt(at - 1 - slashes) === "\\") slashes += 1;
  return slashes % 2 === 1;
}

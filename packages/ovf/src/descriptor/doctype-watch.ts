const DOCTYPE = "<!DOCTYPE";

/** Ways in which a construct of the prolog may end. */
const ENDS: ReadonlyMap<string, string> = new Map([
  ["<!--", "-->"],
  ["<?", "?>"],
]);

/**
 * Looks for a document type declaration before the root element, where alone it may stand, so that it is refused at its first
 * characters and nothing of it is ever read.
 */
export class DoctypeWatch {
  #isOver = false;
  /** What ends the comment or instruction that began; null between them. */
  #end: string | null = null;
  /** Characters that were seen but do not decide anything yet. */
  #held = "";

  /**
   * Where in a text, which follows those given before, the declaration's keyword is complete: the index after its last
   * character; null where there is none.
   */
  find(text: string): number | null {
    if (this.#isOver) return null;
    const before = this.#held.length;
    const all = this.#held + text;
    let at = 0;
    while (at < all.length) {
      const next = this.#end === null ? this.#between(all, at) : this.#within(all, at, this.#end);
      if (next === "doctype") return all.indexOf(DOCTYPE, at) + DOCTYPE.length - before;
      if (next === "root") {
        this.#isOver = true;
        this.#held = "";
        return null;
      }
      if (next === "undecided") break;
      at = next;
    }
    // Within a comment only so much is held as may be the beginning of its end.
    this.#held = all.slice(this.#end === null ? at : Math.max(at, all.length - 2));
    return null;
  }

  #within(all: string, at: number, end: string): number | "undecided" {
    const found = all.indexOf(end, at);
    if (found === -1) return "undecided";
    this.#end = null;
    return found + end.length;
  }

  #between(all: string, at: number): number | "doctype" | "root" | "undecided" {
    const start = all.indexOf("<", at);
    if (start === -1) return all.length;
    const rest = all.slice(start, start + DOCTYPE.length);
    if (rest === DOCTYPE) return "doctype";
    for (const [opening, end] of ENDS) {
      if (!rest.startsWith(opening)) continue;
      this.#end = end;
      return start + opening.length;
    }
    return DOCTYPE.startsWith(rest) || "<!--".startsWith(rest) ? "undecided" : "root";
  }
}

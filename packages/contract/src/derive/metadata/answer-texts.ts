import type { Found, MetadataInput } from "./metadata-operation.ts";
import type { PlainValue } from "./plain-value.ts";

/** The text of an answer, a data value as JSON: one object for all who ask the same. */
export interface KnownText {
  readonly outputText: string;
}

/** The text of an answer, or the id that names nothing. */
export type FoundText = KnownText | { readonly missing: string };

interface Making<Operation> {
  answer(operation: Operation, input: MetadataInput): Found;
  spell(operation: Operation, found: PlainValue): string;
}

/**
 * The texts of answers, each worked out once: what is told never changes, some of it is long, and anyone may ask. They are no more
 * than there are things to tell of, for of what names nothing none is kept.
 */
export class AnswerTexts<Operation> {
  readonly #making: Making<Operation>;
  readonly #texts = new Map<Operation, Map<string, KnownText>>();

  constructor(making: Making<Operation>) {
    this.#making = making;
  }

  /** How many texts are kept. */
  get count(): number {
    return this.#texts.values().reduce((sum, { size }) => sum + size, 0);
  }

  of(operation: Operation, input: MetadataInput): FoundText {
    const key = JSON.stringify(input);
    const known = this.#texts.get(operation)?.get(key);
    if (known !== undefined) return known;
    const answer = this.#making.answer(operation, input);
    if ("missing" in answer) return answer;
    const text = { outputText: this.#making.spell(operation, answer.found) };
    this.#textsOf(operation).set(key, text);
    return text;
  }

  #textsOf(operation: Operation): Map<string, KnownText> {
    const texts = this.#texts.get(operation) ?? new Map<string, KnownText>();
    this.#texts.set(operation, texts);
    return texts;
  }
}

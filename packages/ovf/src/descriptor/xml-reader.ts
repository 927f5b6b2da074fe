import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from "saxes";
import type { FindingCode } from "../finding-codes.ts";
import type { Place } from "../finding.ts";
import {
  ATTRIBUTE_CHARACTERS_MAX,
  ATTRIBUTES_PER_ELEMENT_MAX,
  COMMENT_CHARACTERS_MAX,
  ELEMENT_DEPTH_MAX,
  ELEMENTS_MAX,
  TEXT_CHARACTERS_MAX,
} from "../limits.ts";
import type { FindingDetails } from "../make-finding.ts";
import type { XmlElement, XmlScope } from "./xml-scope.ts";

/** Reading ends here for good. It is thrown through the parser, which has no other way of being stopped within a text. */
export class ReadingStopped extends Error {
  override readonly name = "ReadingStopped";
  readonly code: FindingCode;
  readonly details: FindingDetails;

  constructor(code: FindingCode, details: FindingDetails) {
    super(code);
    this.code = code;
    this.details = details;
  }
}

/** After how many code units, and what part of its length, a text that the parser gathers is put together. */
const GATHERED_CHARACTERS = 16 * 1024;
const GATHERED_PART = 1 / 16;

/**
 * In which states the parser is while it gathers a comment or an instruction. It tells of neither before its end, and does not
 * name its states, so they are asked of it.
 */
const statesWhileGathering = (): ReadonlySet<number> => {
  const states = ["<!--", "<?x "].flatMap((opening) => {
    const parser = new SaxesParser();
    parser.write(`<a>${opening}`);
    return ["x", opening === "<!--" ? "-" : "?"].map((next) => {
      parser.write(next);
      return parser["state"];
    });
  });
  return new Set(states);
};

const GATHERING = statesWhileGathering();

interface OpenElement {
  readonly scope: XmlScope | null;
  readonly texts: string[];
  characters: number;
}

const elementOf = (tag: SaxesTagNS, place: Place): XmlElement => ({
  uri: tag.uri,
  local: tag.local,
  place,
  attribute: (uri, local) => {
    const all: readonly SaxesAttributeNS[] = Object.values(tag.attributes);
    return all.find((one) => one.local === local && one.uri === uri)?.value ?? null;
  },
});

/**
 * Reads XML with namespaces and hands its elements to scopes. The first thing that is not well-formed and the first limit that
 * is passed end it, by `ReadingStopped`. Comments and processing instructions mean nothing.
 */
export class XmlReader {
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #open: OpenElement[] = [];
  readonly #document: XmlScope;
  #elements = 0;
  /** The element that is being opened, how many attributes it has so far, and where it begins. */
  #name = "";
  #attributes = 0;
  #start: Place = { line: 1 };
  #sinceGathered = 0;

  constructor(document: XmlScope) {
    this.#document = document;
    const parser = this.#parser;
    parser.on("opentagstart", (tag) => this.#begin(tag.name));
    parser.on("attribute", ({ name, value }) => this.#attribute(name, value));
    parser.on("opentag", (tag) => this.#push(tag));
    parser.on("text", (text) => this.#text(text));
    parser.on("cdata", (text) => this.#text(text));
    parser.on("closetag", () => this.#pop());
    parser.on("comment", (text) => this.#comment(text.length));
    parser.on("processinginstruction", ({ body }) => this.#comment(body.length));
    parser.on("error", ({ message }) => {
      // The parser writes the place before its message.
      const actual = message.replace(/^\d+:\d+: /, "");
      throw new ReadingStopped("descriptor.not_well_formed", { place: this.place, actual });
    });
  }

  /** Where the character is that comes next. */
  get nextPlace(): Place {
    return { line: this.#parser.line, column: this.#parser.column + 1 };
  }

  /** Where the character is that was read last; columns count from 1. */
  get place(): { readonly line: number; readonly column: number } {
    return { line: this.#parser.line, column: Math.max(1, this.#parser.column) };
  }

  /** @throws {ReadingStopped} */
  write(text: string): void {
    this.#parser.write(text);
    if (GATHERING.has(this.#parser["state"])) this.#comment(this.#parser["text"].length);
    this.#sinceGathered += text.length;
    const enough = Math.max(GATHERED_CHARACTERS, this.#parser["text"].length * GATHERED_PART);
    if (this.#sinceGathered >= enough) this.#gather();
  }

  /** @throws {ReadingStopped} */
  end(): void {
    this.#parser.close();
  }

  /**
   * The parser adds up a long text from pieces that may have two characters each, and an engine keeps each as an object until
   * the text is read. To search it makes one string of them, which takes a small part of the memory.
   */
  #gather(): void {
    // There is none to be found; the answer is used so that the question is asked.
    this.#sinceGathered = this.#parser["text"].includes("\0") ? 1 : 0;
  }

  #begin(name: string): void {
    this.#name = name;
    this.#start = this.#startOf(name);
    this.#attributes = 0;
    this.#elements += 1;
    if (this.#elements > ELEMENTS_MAX)
      this.#stop("descriptor.too_many_elements", { expected: ELEMENTS_MAX });
    if (this.#open.length >= ELEMENT_DEPTH_MAX)
      this.#stop("descriptor.too_deep", { expected: ELEMENT_DEPTH_MAX });
  }

  /** The parser has taken the name and the character after it, which begins the next line where it is a line's end. */
  #startOf(name: string): Place {
    const { line, column } = this.#parser;
    const start = column - name.length - 1;
    return start >= 1 ? { line, column: start } : { line: line - 1 };
  }

  #attribute(name: string, value: string): void {
    this.#attributes += 1;
    if (this.#attributes > ATTRIBUTES_PER_ELEMENT_MAX)
      this.#stop("descriptor.too_many_attributes", {
        subject: this.#name,
        expected: ATTRIBUTES_PER_ELEMENT_MAX,
      });
    if (value.length > ATTRIBUTE_CHARACTERS_MAX)
      this.#stop("descriptor.attribute_too_long", {
        subject: name,
        expected: ATTRIBUTE_CHARACTERS_MAX,
      });
  }

  #push(tag: SaxesTagNS): void {
    const around = this.#open.at(-1);
    const parent = around === undefined ? this.#document : around.scope;
    const scope = parent?.open?.(elementOf(tag, this.#start)) ?? null;
    this.#open.push({ scope, texts: [], characters: 0 });
  }

  #text(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    element.characters += text.length;
    if (element.characters > TEXT_CHARACTERS_MAX)
      this.#stop("descriptor.text_too_long", { expected: TEXT_CHARACTERS_MAX }, this.place);
    if (element.scope?.text !== undefined) element.texts.push(text);
  }

  #comment(characters: number): void {
    if (characters > COMMENT_CHARACTERS_MAX)
      // Without a place: it would be where a piece happened to end.
      throw new ReadingStopped("descriptor.comment_too_long", { expected: COMMENT_CHARACTERS_MAX });
  }

  #pop(): void {
    const element = this.#open.pop();
    element?.scope?.text?.(element.texts.join(""));
    element?.scope?.close?.();
  }

  #stop(code: FindingCode, details: FindingDetails, place: Place = this.#start): never {
    throw new ReadingStopped(code, { ...details, place });
  }
}

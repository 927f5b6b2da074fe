import { latin1Of } from "../latin1.ts";
import {
  DECLARATION_BYTES_MAX,
  type DescriptorEncoding,
  detectEncoding,
} from "./detect-encoding.ts";

/** Text that was decoded; and, where the bytes are not of their encoding, what is wrong with what follows it. */
export interface DecodedText {
  readonly text: string;
  readonly fault: { readonly expected: string; readonly actual: string } | null;
}

type Decode = (bytes: Uint8Array, isEnd: boolean) => DecodedText;

const decodeLatin1: Decode = (bytes) => ({ text: latin1Of(bytes), fault: null });

const platformDecode = (encoding: Exclude<DescriptorEncoding, "iso-8859-1">): Decode => {
  const strict = new TextDecoder(encoding, { fatal: true });
  // The second one tells how far the text is good where the first one gives up.
  const lenient = new TextDecoder(encoding);
  return (bytes, isEnd) => {
    const options = { stream: !isEnd };
    const text = lenient.decode(bytes, options);
    try {
      strict.decode(bytes, options);
      return { text, fault: null };
    } catch {
      const good = text.slice(0, Math.max(0, text.indexOf("\uFFFD")));
      const expected = encoding.toUpperCase();
      return { text: good, fault: { expected, actual: "other bytes" } };
    }
  };
};

/** Decodes the bytes of a descriptor as they come. After a fault it must not be used any more. */
export class DescriptorText {
  #head: Uint8Array<ArrayBuffer> | null = new Uint8Array(0);
  #decode: Decode | null = null;

  write(bytes: Uint8Array): DecodedText {
    return this.#decode === null ? this.#begin(bytes, false) : this.#decode(bytes, false);
  }

  end(): DecodedText {
    const none = new Uint8Array(0);
    return this.#decode === null ? this.#begin(none, true) : this.#decode(none, true);
  }

  /** Holds the first bytes back until they surely hold the XML declaration, which says how to read them. */
  #begin(bytes: Uint8Array, isEnd: boolean): DecodedText {
    const held = this.#head ?? new Uint8Array(0);
    const head = new Uint8Array(held.length + bytes.length);
    head.set(held);
    head.set(bytes, held.length);
    if (head.length < DECLARATION_BYTES_MAX && !isEnd) {
      this.#head = head;
      return { text: "", fault: null };
    }
    const detected = detectEncoding(head);
    if (!("encoding" in detected)) return { text: "", fault: detected };
    this.#head = null;
    this.#decode =
      detected.encoding === "iso-8859-1" ? decodeLatin1 : platformDecode(detected.encoding);
    return this.#decode(head, isEnd);
  }
}

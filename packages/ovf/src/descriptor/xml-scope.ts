import type { Place } from "../finding.ts";

/** An element of a descriptor when it opens. Names come from a stranger: they are compared, and never used as keys. */
export interface XmlElement {
  readonly uri: string;
  readonly local: string;
  readonly place: Place;
  /** The value of an attribute by its namespace and local name; null where there is none. */
  attribute(uri: string, local: string): string | null;
}

/** What is done with the inside of an element; elements without one are passed over with all that is in them. */
export interface XmlScope {
  /** An element directly inside begins. */
  open?(element: XmlElement): XmlScope | null;
  /** The element ends; called with the text that stands directly inside, as it is written. */
  text?(text: string): void;
  /** The element ends. */
  close?(): void;
}

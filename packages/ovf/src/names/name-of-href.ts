import { nameFaultOf } from "./file-name.ts";

/** What an href of a descriptor means: a file beside it, something at an address, or nothing that is looked for. */
export type HrefMeaning =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "remote" }
  | { readonly kind: "refused" };

const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i;
const SCHEME_WITHOUT_SLASHES = /^(?:https?|ftp|file|data):/i;

const decodedOnce = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // Many tools write names as they are, and `100%.vmdk` is one of them.
    return text;
  }
};

/**
 * Reads an href (RFC 3986, relative to the descriptor): percent signs decoded once, in NFC. What can not be decoded is taken
 * as it is written. Files in other directories are not looked for.
 */
export const nameOfHref = (href: string): HrefMeaning => {
  if (ADDRESS.test(href) || SCHEME_WITHOUT_SLASHES.test(href)) return { kind: "remote" };
  const beside = href.startsWith("./") ? href.slice(2) : href;
  const name = decodedOnce(beside).normalize("NFC");
  return nameFaultOf(name) === null ? { kind: "name", name } : { kind: "refused" };
};

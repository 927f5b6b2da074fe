import { boundedText } from "./bounded-text.ts";
import { QUOTE_CHARACTERS_MAX } from "./limits.ts";

// Control characters, format characters (those that turn the direction of writing among them), line separators, and
// surrogates that stand alone: what could forge or garble a line of output.
const UNFIT = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escaped = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;

/**
 * A text from a package made fit for one line of a terminal or log: of bounded length, and what is invisible written as
 * `\u{202E}`. What is fit already stays as it is.
 */
export const shownText = (text: string): string =>
  boundedText(
    boundedText(text, QUOTE_CHARACTERS_MAX).replace(UNFIT, escaped),
    QUOTE_CHARACTERS_MAX,
  );

import { CLIENT_ERROR_MESSAGE_CHARACTERS_MAX } from "@contentlib/contract/vocabulary";
import type { Message } from "@contentlib/contract/vocabulary";

const STANDARD_TEXT = "Failed by the client.";

const firstCharacters = (text: string, charactersMax: number): string =>
  text.length <= charactersMax ? text : Array.from(text).slice(0, charactersMax).join("");

/**
 * The error message of a session that its client failed: the client's own text, untranslated and cut at the limit, or a
 * standard text when there is none. (S46, S47)
 */
export const clientErrorMessage = (
  text: string | undefined,
  kind: "update_session" | "download_session",
): Message => ({
  id: `contentlib.${kind}.failed_by_client`,
  default_message:
    text === undefined || text === ""
      ? STANDARD_TEXT
      : firstCharacters(text.toWellFormed(), CLIENT_ERROR_MESSAGE_CHARACTERS_MAX),
  args: [],
});

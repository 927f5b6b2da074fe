import { faultOf } from "@contentlib/contract/vocabulary";
import { LongList } from "../app/call.ts";
import { Fault } from "../app/fault.ts";
import type { CancelSignal } from "../ports/index.ts";
import { PortError } from "../ports/index.ts";
import type { Answer } from "./perform.ts";
import { inTime } from "./perform.ts";
import type { Reply, ReplyPieces } from "./reply.ts";

/** The header that names members of a request that were taken and had no effect. */
export const IGNORED_HEADER = "contentlib-ignored";

/** How a wire spells a result; the text is absent where the reply is empty. */
export type Spelling = (output: unknown) => { readonly status: number; readonly json?: string };

type Page = readonly unknown[];

/** Seconds to wait for one for whose list there is no room. */
const RETRY_SECONDS = "10";

const escaped = (member: string): string =>
  member.replace(/[^\u0021-\u007e]|[,%]/gu, (letter) => encodeURIComponent(letter.toWellFormed()));

const headersOf = ({ headers, ignored = [] }: Answer): Readonly<Record<string, string>> =>
  ignored.length === 0
    ? (headers ?? {})
    : { ...headers, [IGNORED_HEADER]: ignored.map(escaped).join(", ") };

/** The reply to a call that succeeded. A long list is read as far as shows whether it is one, and the rest while it is sent. */
export const replyTo = async (
  answer: Answer,
  spell: Spelling,
  signal: CancelSignal,
): Promise<Reply> => {
  const headers = headersOf(answer);
  if (!(answer.output instanceof LongList)) return { ...spell(answer.output), headers };
  const pages = (answer.output as LongList<unknown>).pages[Symbol.asyncIterator]();
  const opening = await readOpening(pages, signal);
  if (opening.isWhole) return { ...spell(opening.pages.flat()), headers };
  const { status, json = "" } = spell([]);
  return { status, headers, pieces: new ListPieces(json, spell, opening.pages, pages) };
};

interface Opening {
  readonly pages: readonly Page[];
  /** Whether there are no more pages. */
  readonly isWhole: boolean;
}

/** A list for which there is no room now is nobody's failure: whoever asks again is served once others have read theirs. */
const openingFailure = (error: unknown): unknown =>
  error instanceof PortError && error.kind === "unavailable" && error.retry === "safe"
    ? new Fault(
        faultOf("server.unavailable", "no long list can be read just now", RETRY_SECONDS),
        error,
      )
    : error;

/** The first pages: one, and a second where there is one. */
const readOpening = async (pages: AsyncIterator<Page>, signal: CancelSignal): Promise<Opening> => {
  try {
    const first = await inTime(pages.next(), signal);
    if (first.done === true) return { pages: [], isWhole: true };
    const second = await inTime(pages.next(), signal);
    if (second.done === true) return { pages: [first.value], isWhole: true };
    return { pages: [first.value, second.value], isWhole: false };
  } catch (error) {
    // Not awaited: a page that comes too late would hold up the answer that says so.
    pages.return?.().catch(ignoreLateFailure);
    throw openingFailure(error);
  }
};

/** Whoever gave a list up was told why; that the rest of it failed as well is no news. */
const ignoreLateFailure = (): void => undefined;

/**
 * The text of a reply whose result is a list, page by page. The reply with an empty list says what stands around the elements, so
 * that the pieces together are to the byte what the whole would have been, whatever the wire.
 */
class ListPieces implements ReplyPieces {
  readonly #spell: Spelling;
  readonly #before: string;
  readonly #after: string;
  readonly #ready: Page[];
  readonly #rest: AsyncIterator<Page>;
  #separator = "";
  #state: "closed" | "open" | "new" = "new";

  constructor(empty: string, spell: Spelling, ready: readonly Page[], rest: AsyncIterator<Page>) {
    // The last brackets are the list's: what stands behind it is braces.
    const brackets = empty.lastIndexOf("[]");
    this.#before = empty.slice(0, brackets + 1);
    this.#after = empty.slice(brackets + 1);
    this.#spell = spell;
    this.#ready = [...ready];
    this.#rest = rest;
  }

  async next(): Promise<string | null> {
    if (this.#state === "closed") return null;
    const before = this.#state === "new" ? this.#before : "";
    this.#state = "open";
    const page = await this.#nextPage();
    if (page !== null) return before + this.#separated(page);
    this.#state = "closed";
    return before + this.#after;
  }

  async close(): Promise<void> {
    this.#state = "closed";
    this.#ready.length = 0;
    await this.#rest.return?.();
  }

  async #nextPage(): Promise<Page | null> {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    const next = await this.#rest.next();
    return next.done === true ? null : next.value;
  }

  #separated(page: Page): string {
    if (page.length === 0) return "";
    const separator = this.#separator;
    this.#separator = ",";
    const { json = "" } = this.#spell(page);
    return separator + json.slice(this.#before.length, json.length - this.#after.length);
  }
}

/**
 * A list that may be long, in pieces: pages of one consistent state, each handed over when it is asked for; the state is read when
 * the first one is. No page is empty, so a list of nothing has no page. Whoever does not read to the end returns the iterator,
 * which frees what it holds; a list that nobody asks for longer than `LIST_IDLE_MAX_MS` is given up, and asking for more then
 * fails with a `PortError` of kind `cancelled`. What lists of more than one page hold together is bounded: the next one waits for
 * room, and its first page fails as `unavailable`, safe to be asked for again, when there is none for long. Can be read once.
 */
export type Pages<Value> = AsyncIterable<readonly Value[]>;

/** How long a list waits for its next page to be asked for, in milliseconds. */
export const LIST_IDLE_MAX_MS = 120_000;

/** Most values of one page. */
export const PAGE_LENGTH_MAX = 1_000;

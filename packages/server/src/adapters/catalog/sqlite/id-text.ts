import type { SQLInputValue } from "node:sqlite";
import type { Reads } from "./connection.ts";

/** A statement that gives one column, `id`, and ends in `LIMIT ?`, with the values before that one. */
export interface ListQuery {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** All ids that lists are made of are UUIDs. */
const ID_LENGTH = 36;

/** SQLite's way to say that a list may be of any length. */
export const UNLIMITED = -1;

/**
 * The ids of a list as one text without separators: a thousand of them cost a fraction of what a thousand rows cost, to read
 * as well as to hand from one thread to another. The inner limit keeps SQLite from dropping the inner order.
 */
export const readIdText = (
  reads: Pick<Reads, "get">,
  { sql, values }: ListQuery,
  idsMax: number,
): string => {
  const row = reads.get<{ readonly ids: string | null }>(
    `SELECT group_concat(id, '') AS ids FROM (${sql})`,
    ...values,
    idsMax,
  );
  const text = row?.ids ?? "";
  if (text.length % ID_LENGTH !== 0)
    throw new Error("A list was asked for whose ids are not UUIDs.");
  return text;
};

/** How many ids the text has. */
export const idCount = (text: string): number => text.length / ID_LENGTH;

/** The text of so many ids from the one of that number on. */
export const textOfIds = (text: string, from: number, count: number): string =>
  text.slice(from * ID_LENGTH, (from + count) * ID_LENGTH);

/** The ids of a text, each on its own. */
export const idsIn = <Id extends string>(text: string): readonly Id[] =>
  Array.from({ length: idCount(text) }, (_, at) => textOfIds(text, at, 1) as Id);

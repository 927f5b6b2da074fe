import type { Command } from "commander";
import type { Client } from "@contentlib/client";
import { itemAddress, libraryAddress } from "../address-form.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { ifThere } from "../if-there.ts";
import { inBatches } from "../in-batches.ts";
import { oneLine } from "../output.ts";
import { profilePath, readProfiles } from "../profile.ts";
import { findSession, placeOf } from "../session.ts";
import { splitLine } from "../split-line.ts";
import { wantedWords } from "../wanted-words.ts";
import type { Candidate, Wanted } from "../wanted-words.ts";

/** How long the server may take, in milliseconds: somebody waits at the keyboard. */
const TIME_MAX_MS = 1_000;

/** What is being typed: words, or a whole line as it stands before the cursor. */
export interface CompleteOptions {
  readonly line?: string;
}

/**
 * `contentlib __complete`: what the scripts of `completion` ask. The first line says `files` where paths fit as well, and `words`
 * otherwise; each line after it is a word, and behind a tab what it means. What can not be found out is left out in silence.
 */
export async function complete(
  context: CommandContext,
  program: Command,
  given: readonly string[],
  { line }: CompleteOptions,
): Promise<void> {
  const words = line === undefined ? given : splitLine(line).slice(1);
  const current = words.at(-1) ?? "";
  const wanted = wantedWords(program, words);
  const found: Candidate[] = [];
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TIME_MAX_MS)]);
  const add = (word: string, about: string): void => {
    if (word.startsWith(current)) found.push({ word, about });
  };
  for (const one of wanted)
    await addCandidates({ ...context, signal }, one, { current, add }).catch(() => undefined);
  const head = wanted.some(({ kind }) => kind === "files") ? "files" : "words";
  if (context.output.isJson) context.output.result({ files: head === "files", words: found }, []);
  else context.streams.stdout.write(`${[head, ...found.map(lineOf)].join("\n")}\n`);
}

/** Written past the output, which would take the tab away; what others wrote is made harmless all the same. */
const lineOf = ({ word, about }: Candidate): string =>
  about === "" ? oneLine(word) : `${oneLine(word)}\t${oneLine(about)}`;

interface Typed {
  readonly current: string;
  readonly add: (word: string, about: string) => void;
}

async function addCandidates(context: CommandContext, wanted: Wanted, typed: Typed): Promise<void> {
  switch (wanted.kind) {
    case "words":
      for (const { word, about } of wanted.words) typed.add(word, about);
      return;
    case "library":
      return await addLibraries(context, typed, "");
    case "address":
      return await (typed.current.includes("/")
        ? addItems(context, typed)
        : addLibraries(context, typed, "/"));
    case "session":
      return await addSessions(context, typed);
    case "profile": {
      const { profiles } = await readProfiles(profilePath(context.env));
      for (const [name, { url }] of Object.entries(profiles)) typed.add(name, url);
      return;
    }
    case "files":
      return;
  }
}

async function addLibraries(
  { connect, signal }: CommandContext,
  { add }: Typed,
  end: "" | "/",
): Promise<void> {
  const client = await connect();
  const ids = await client.library.list({ signal });
  await inBatches(ids, async (id) => {
    const library = await ifThere(client.library.get({ library_id: id }, { signal }));
    if (library !== null) add(`${libraryAddress(library.name)}${end}`, library.description ?? "");
  });
}

async function addItems(
  { connect, signal }: CommandContext,
  { current, add }: Typed,
): Promise<void> {
  const client = await connect();
  const typed = current.slice(0, current.indexOf("/"));
  const { id, name } = await resolveLibrary(client, typed, signal);
  const ids = await client.item.list({ library_id: id }, { signal });
  await inBatches(ids, async (itemId) => {
    const item = await ifThere(client.item.get({ library_item_id: itemId }, { signal }));
    const part =
      item === null ? "" : itemAddress(name, item.name).slice(libraryAddress(name).length);
    // What was typed stays, so that a library can be named by its id or in another case.
    if (item !== null) add(`${typed}${part}`, item.type ?? "");
  });
}

async function addSessions({ connect, signal }: CommandContext, { add }: Typed): Promise<void> {
  const client: Client = await connect();
  const ids = [
    ...(await client.updateSession.list({}, { signal })),
    ...(await client.downloadSession.list({}, { signal })),
  ];
  await inBatches(ids, async (id) => {
    const found = await findSession(client, id, signal);
    if (found === null) return;
    const place = await placeOf(client, found.session.library_item_id, signal);
    add(id, `${found.session.state} ${place}`);
  });
}

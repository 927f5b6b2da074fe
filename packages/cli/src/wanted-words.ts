import type { Argument, Command, Option } from "commander";

/** A word that can stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  /** What it means, in a few words; empty where that is plain. */
  readonly about: string;
}

/** What can stand where the cursor is: words that are known, or things to be looked up. */
export type Wanted =
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | { readonly kind: "library" | "address" | "session" | "profile" | "files" };

type Lookup = Exclude<Wanted["kind"], "words">;

/** What the arguments of commands stand for, by their names in the tree. */
const KINDS_OF_ARGUMENTS: Readonly<Record<string, readonly Lookup[]>> = {
  library: ["library"],
  address: ["address"],
  item: ["address"],
  items: ["address"],
  source: ["address"],
  destination: ["address"],
  paths: ["files", "address"],
  directory: ["files"],
  files: ["files"],
  session: ["session"],
  profile: ["profile"],
};

/** What the values of options stand for. */
const KINDS_OF_OPTIONS: Readonly<Record<string, readonly Lookup[]>> = {
  "--library": ["library"],
  "--item": ["address"],
  "--on": ["address"],
  "--profile": ["profile"],
  "--data": ["files"],
  "--trust": ["files"],
  "--pin-cert": ["files"],
  "--password-file": ["files"],
};

/**
 * What can stand for the last of the words, the one at the cursor, which may be empty; the words before it are whole. Read
 * off the program's own tree, so that nothing has to be kept in step.
 */
export function wantedWords(program: Command, words: readonly string[]): readonly Wanted[] {
  const current = words.at(-1) ?? "";
  let command = program;
  let positional = 0;
  let isPlain = false;
  let valueOf: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (valueOf !== undefined) valueOf = undefined;
    else if (word === "--") isPlain = true;
    else if (!isPlain && word.startsWith("-")) valueOf = takesValue(command, word);
    else {
      const child = isPlain || positional > 0 ? undefined : childOf(command, word);
      if (child === undefined) positional += 1;
      else command = child;
    }
  }
  if (valueOf !== undefined) return ofOption(valueOf);
  if (!isPlain && current.startsWith("-")) return [{ kind: "words", words: optionsOf(command) }];
  if (command.commands.length > 0) return [{ kind: "words", words: childrenOf(command) }];
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[positional] ?? (last?.variadic ? last : undefined);
  return argument === undefined ? [] : ofArgument(argument);
}

const childOf = (command: Command, word: string): Command | undefined =>
  command.commands.find((one) => one.name() === word || one.aliases().includes(word));

/** The option of this word where its value is the next word. */
function takesValue(command: Command, word: string): Option | undefined {
  const option = allOptions(command).find(({ long, short }) => long === word || short === word);
  return option?.required || option?.optional ? option : undefined;
}

/** The options of a command and of those above it. */
const allOptions = (command: Command): readonly Option[] => [
  ...command.options,
  ...(command.parent === null ? [] : allOptions(command.parent)),
];

const optionsOf = (command: Command): readonly Candidate[] =>
  [...allOptions(command), command.createHelp().visibleOptions(command).at(-1)].flatMap((option) =>
    option === undefined || option.hidden || !option.long
      ? []
      : [{ word: option.long, about: option.description }],
  );

const childrenOf = (command: Command): readonly Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ word: child.name(), about: child.description() }));

const ofOption = (option: Option): readonly Wanted[] =>
  option.argChoices === undefined
    ? (KINDS_OF_OPTIONS[option.long ?? ""] ?? []).map((kind) => ({ kind }))
    : [choices(option.argChoices)];

const ofArgument = (argument: Argument): readonly Wanted[] =>
  argument.argChoices === undefined
    ? (KINDS_OF_ARGUMENTS[argument.name()] ?? []).map((kind) => ({ kind }))
    : [choices(argument.argChoices)];

const choices = (words: readonly string[]): Wanted => ({
  kind: "words",
  words: words.map((word) => ({ word, about: "" })),
});

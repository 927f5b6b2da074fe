import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Command } from "commander";
import { makeProgram } from "./program.ts";

/** Every command that does something, with the words that lead to it. */
const commandsOf = (command: Command, path: readonly string[] = []): readonly NamedCommand[] =>
  command.commands.length === 0
    ? [{ name: path.join(" "), command }]
    : command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]));

interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

const program = makeProgram({
  version: "0",
  run: async () => await Promise.reject(new Error("nothing is run here")),
  createClient: async () => await Promise.reject(new Error("nothing is asked here")),
});
/** What shells ask for completions; people do not type it. */
const commands = commandsOf(program).filter(({ name }) => !name.startsWith("__"));
const guide = await readFile(new URL("../../../docs/guides/cli.md", import.meta.url), "utf8");
const code = [...guide.matchAll(/`([^`\n]+)`|^```[^\n]*\n(.*?)^```$/gms)]
  .map(([, inline = "", block = ""]) => inline || block)
  .join("\n");

/** Whether the guide shows a word, or words, as code; `name` is no part of a longer one. */
const isShown = (words: string): boolean =>
  new RegExp(`(?<![\\w-])${RegExp.escape(words)}(?![\\w-])`).test(code);

test("the guide names every command", () => {
  assert.ok(commands.length > 40);
  const missing = commands.map(({ name }) => name).filter((name) => !isShown(name));
  assert.deepEqual(missing, []);
});

test("the guide names every long option that the help does", () => {
  const all = [{ name: "contentlib", command: program }, ...commands].flatMap(({ name, command }) =>
    command.options.filter(({ hidden }) => !hidden).map(({ long }) => ({ name, long: long ?? "" })),
  );
  assert.ok(all.length > 60);
  const missing = all.filter(({ long }) => !isShown(long));
  assert.deepEqual(missing, []);
});

test("each option and argument has a word of help", () => {
  for (const { name, command } of commands) {
    assert.notEqual(command.description(), "", name);
    for (const { flags, description } of command.options)
      assert.notEqual(description, "", `${name} ${flags}`);
    for (const argument of command.registeredArguments)
      assert.notEqual(argument.description, "", `${name} ${argument.name()}`);
  }
});

import type { Environment, Setting, SettingName } from "./env.ts";
import { CLIENT_VARIABLES, settingEntries } from "./env.ts";
import { nearestName } from "./nearest-name.ts";

const PREFIX = "CONTENTLIB_";

/** A value as it was given, and under which name, for error lines. */
export interface GivenValue {
  readonly value: string;
  readonly source: string;
}

/** Everything that was given, what is wrong with it, and what is only odd. */
export interface Given {
  readonly given: ReadonlyMap<SettingName, GivenValue>;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

/** A switch as a word; null for any other text. */
export const parseSwitch = (text: string): boolean | null =>
  WORDS[text.trim().toLowerCase()] ?? null;

const unknownFlag = (flag: string): string => {
  const known = settingEntries().flatMap(([, setting]) =>
    setting.flag === undefined ? [] : [setting.flag],
  );
  return `there is no flag ${flag}; the nearest is ${nearestName(flag, known) ?? "none"}`;
};

const readFlags = (
  flags: readonly string[],
  given: Map<SettingName, GivenValue>,
): readonly string[] => {
  const problems: string[] = [];
  const byFlag = new Map<string, readonly [SettingName, Setting]>(
    settingEntries().flatMap((entry) =>
      entry[1].flag === undefined ? [] : [[entry[1].flag, entry] as const],
    ),
  );
  for (let at = 0; at < flags.length; at += 1) {
    const word = flags[at] ?? "";
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const entry = byFlag.get(flag);
    if (entry === undefined) {
      problems.push(flag.startsWith("-") ? unknownFlag(flag) : `${flag} is no flag`);
      // The word behind an unknown flag is its value, and no second mistake.
      if (equals < 0 && flag.startsWith("-") && flags[at + 1]?.startsWith("-") === false) at += 1;
      continue;
    }
    const [name, setting] = entry;
    if (equals >= 0) {
      given.set(name, { value: word.slice(equals + 1), source: flag });
    } else if (setting.placeholder === undefined) {
      given.set(name, { value: "true", source: flag });
    } else {
      const value = flags[at + 1];
      if (value === undefined || value.startsWith("--")) {
        problems.push(`${flag} needs ${setting.placeholder}`);
        continue;
      }
      given.set(name, { value, source: flag });
      at += 1;
    }
  }
  return problems;
};

const unknownVariables = (env: Environment): readonly string[] => {
  const known = [...settingEntries().map(([, setting]) => setting.variable), ...CLIENT_VARIABLES];
  return Object.keys(env)
    .filter((variable) => variable.startsWith(PREFIX) && !known.includes(variable))
    .map(
      (variable) =>
        `${variable} is no setting and is ignored; the nearest is ${nearestName(variable, known) ?? "none"}.`,
    );
};

/** Gathers the values from variables, then flags, which win. An empty variable counts as not set. */
export const readGiven = (env: Environment, flags: readonly string[]): Given => {
  const given = new Map<SettingName, GivenValue>();
  for (const [name, { variable }] of settingEntries()) {
    const value = env[variable];
    if (value !== undefined && value !== "") given.set(name, { value, source: variable });
  }
  const problems = readFlags(flags, given);
  return { given, problems, warnings: unknownVariables(env) };
};

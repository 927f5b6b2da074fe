import { parseDuration } from "./duration.ts";
import type { SettingName } from "./env.ts";
import { SETTINGS } from "./env.ts";
import type { GivenValue } from "./given.ts";
import { parseSwitch } from "./given.ts";

/** The least and the greatest number that a setting may have. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const DIGITS = /^\d{1,9}$/;

/** Reads values by their names, gathering what is wrong instead of stopping at the first. */
export class Reader {
  readonly problems: string[] = [];
  readonly #given: ReadonlyMap<SettingName, GivenValue>;

  constructor(given: ReadonlyMap<SettingName, GivenValue>) {
    this.#given = given;
  }

  text(name: SettingName): string | null {
    return this.#given.get(name)?.value ?? null;
  }

  /** The flag or variable that gave the value; null where none did. */
  source(name: SettingName): string | null {
    return this.#given.get(name)?.source ?? null;
  }

  /** The parsed value, or `fallback` where none is given or the value is bad (and noted). */
  read<Value>(
    name: SettingName,
    fallback: Value,
    parse: (text: string) => Value | null,
    wanted: string,
  ): Value {
    const found = this.#given.get(name);
    if (found === undefined) return fallback;
    const value = parse(found.value);
    if (value !== null) return value;
    this.problems.push(`${found.source} must be ${wanted}, not "${found.value}"`);
    return fallback;
  }

  duration(name: SettingName): number {
    const fallback = parseDuration(SETTINGS[name].fallback) ?? 0;
    return this.read(name, fallback, parseDuration, "a duration such as 90s, 5m or 1h");
  }

  /** As `duration`, or 0. */
  durationOrNone(name: SettingName): number {
    const parse = (text: string): number | null =>
      /^0+[smh]?$/.test(text.trim()) ? 0 : parseDuration(text);
    const fallback = parse(SETTINGS[name].fallback) ?? 0;
    return this.read(name, fallback, parse, "a duration such as 90s, 5m or 1h, or 0");
  }

  /** A whole number, both bounds allowed; the default is that of the setting. */
  wholeNumber(name: SettingName, { min, max }: Bounds): number {
    const parse = (text: string): number | null => {
      const count = DIGITS.test(text) ? Number(text) : Number.NaN;
      return count >= min && count <= max ? count : null;
    };
    return this.read(
      name,
      Number(SETTINGS[name].fallback),
      parse,
      `a whole number from ${min} to ${max}`,
    );
  }

  isOn(name: SettingName): boolean {
    return this.read(name, false, parseSwitch, "true or false");
  }
}

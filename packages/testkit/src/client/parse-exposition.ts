/** A figure of the text format of Prometheus, version 0.0.4. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with its figures. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) (\\S.*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"(?:,|$)/gy;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)|[+-]Inf|NaN)$/i;

const failed = (line: string, why: string): never => {
  throw new Error(`This line of the exposition is ${why}: ${line}`);
};

const labelsOf = (text: string, line: string): Record<string, string> => {
  const labels: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(LABEL)) {
    const [whole, name = "", value = ""] = match;
    if (name in labels) failed(line, "with a label twice");
    labels[name] = value.replaceAll(/\\(.)/g, (_all, char: string) => (char === "n" ? "\n" : char));
    end = match.index + whole.length;
  }
  return end === text.length ? labels : failed(line, "with labels that can not be read");
};

const numberOf = (text: string): number =>
  Number(text.replace(/^([+-])Inf$/i, (_all, sign: string) => `${sign}Infinity`));

const sampleOf = (line: string): Sample => {
  const match = SAMPLE.exec(line);
  if (match === null) return failed(line, "neither a comment nor a figure");
  const [, name = "", labels = "", value = ""] = match;
  if (!NUMBER.test(value)) failed(line, "without a number");
  return { name, labels: labelsOf(labels, line), value: numberOf(value) };
};

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ["_bucket", "_sum", "_count"],
  summary: ["", "_sum", "_count"],
};

interface OpenFamily extends Family {
  readonly samples: Sample[];
}

const belongs = (sample: Sample, { name, type }: Family): boolean =>
  (SUFFIXES[type] ?? [""]).some((suffix) => sample.name === `${name}${suffix}`);

const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.keys(labels)
      .toSorted()
      .map((name) => [name, labels[name]]),
  );

const withoutBound = ({ le: _bound, ...labels }: Readonly<Record<string, string>>): string =>
  keyOf(labels);

/** Buckets of one series must grow, and the last of them is the count. */
const checkHistogram = ({ name, samples }: Family): void => {
  const series = Map.groupBy(samples, ({ labels }) => withoutBound(labels));
  for (const [key, own] of series) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => numberOf(labels["le"] ?? ""));
    const counts = buckets.map(({ value }) => value);
    const total = own.find((sample) => sample.name === `${name}_count`)?.value;
    const grows = (values: readonly number[], min: number): boolean =>
      values.every((value, index) => index === 0 || value - (values[index - 1] ?? 0) >= min);
    if (bounds.at(-1) !== Infinity || counts.at(-1) !== total)
      failed(`${name} ${key}`, "a histogram whose last bucket is not its count");
    if (!grows(bounds, Number.MIN_VALUE) || !grows(counts, 0))
      failed(`${name} ${key}`, "a histogram whose buckets do not grow");
  }
};

const checkOnce = ({ samples }: Family): void => {
  const seen = new Set<string>();
  for (const { name, labels } of samples) {
    const key = `${name} ${keyOf(labels)}`;
    if (seen.has(key)) failed(key, "there twice");
    seen.add(key);
  }
};

/** Reads an exposition by the rules of its format: whatever a strict reader would refuse is thrown. By name. */
export const parseExposition = (text: string): ReadonlyMap<string, Family> => {
  const families = new Map<string, OpenFamily>();
  if (!text.endsWith("\n")) failed(text.slice(-80), "the last, and has no end");
  let help: { readonly name: string; readonly text: string } | null = null;
  let open: OpenFamily | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const [, helped, helpText = ""] = HELP.exec(line) ?? [];
    const [, typed, type = ""] = TYPE.exec(line) ?? [];
    if (helped !== undefined) {
      help = { name: helped, text: helpText };
    } else if (typed !== undefined) {
      if (help?.name !== typed || families.has(typed)) failed(line, "a type out of place");
      open = { name: typed, type, help: help?.text ?? "", samples: [] };
      families.set(typed, open);
    } else {
      const sample = sampleOf(line);
      if (open === null || !belongs(sample, open)) failed(line, "a figure out of place");
      open?.samples.push(sample);
    }
  }
  for (const family of families.values()) {
    checkOnce(family);
    if (family.type === "histogram") checkHistogram(family);
    if (family.type === "counter" && !family.samples.every(({ value }) => value >= 0))
      failed(family.name, "a counter below 0");
  }
  return families;
};

/** The sum of the figures of a metric whose labels are these, and maybe others; 0 where there is none. */
export const figureOf = (
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number => {
  const family = [...families.values()].find(({ samples }) =>
    samples.some((sample) => sample.name === name),
  );
  return (family?.samples ?? [])
    .filter((sample) => sample.name === name)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
};

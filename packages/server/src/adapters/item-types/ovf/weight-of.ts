/** What a value costs beside what it holds, in bytes: about what objects and strings take in V8. */
const OBJECT_BYTES = 64;
const MEMBER_BYTES = 16;

const membersOf = (value: object): readonly unknown[] => {
  if (value instanceof Map) return [...value].flat();
  if (value instanceof Set) return [...value];
  return Array.isArray(value) ? value : Object.values(value);
};

/** Roughly how much memory a tree of plain values keeps, in bytes. Linear; what is in it twice counts twice. */
export const weightOf = (value: unknown): number => {
  let weight = 0;
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const one = rest.pop();
    weight += MEMBER_BYTES;
    if (typeof one === "string") weight += 2 * one.length;
    else if (one instanceof Uint8Array) weight += OBJECT_BYTES + one.byteLength;
    else if (typeof one === "object" && one !== null) {
      weight += OBJECT_BYTES;
      for (const member of membersOf(one)) rest.push(member);
    }
  }
  return weight;
};

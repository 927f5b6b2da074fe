/** One event of a stream of Server-Sent Events. */
export interface StreamedEvent {
  /** The last id that was named up to here; empty before the first. */
  readonly id: string;
  /** Empty for a block that has an id alone. */
  readonly data: string;
}

/** Reads Server-Sent Events as the HTML standard says. It ends with the stream, and throws what the stream throws. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamedEvent, void, undefined> {
  let id = "";
  for await (const block of blocksOf(body)) {
    const data: string[] = [];
    let isNamed = false;
    for (const line of block) {
      const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      if (field === "id" && !value.includes("\0")) {
        id = value;
        isNamed = true;
      }
    }
    if (data.length > 0 || isNamed) yield { id, data: data.join("\n") };
  }
}

/** Longest line that is waited for, in characters: a stream without line ends must not fill the memory. */
const LINE_CHARACTERS_MAX = 1_000_000;

async function* blocksOf(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let block: string[] = [];
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length > LINE_CHARACTERS_MAX)
      throw new Error("The stream of events has no line ends.");
    for (const line of lines) {
      if (line !== "") block.push(line);
      else if (block.length > 0) {
        yield block;
        block = [];
      }
    }
  }
}

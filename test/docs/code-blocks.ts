/** A fenced block of a document. */
export interface CodeBlock {
  /** What stands behind the opening fence, e.g. `sh runnable`. */
  readonly info: string;
  readonly text: string;
}

/** The fenced blocks of a document, in order. */
export const codeBlocks = (document: string): readonly CodeBlock[] =>
  [...document.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(([, info = "", text = ""]) => ({
    info: info.trim(),
    text,
  }));

/** All blocks of the given kind as one text, for blocks that build upon each other. */
export const blocksOf = (document: string, info: string): string =>
  codeBlocks(document)
    .filter((block) => block.info === info)
    .map(({ text }) => text)
    .join("\n");

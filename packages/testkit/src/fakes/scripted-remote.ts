import type {
  ByteSource,
  RemoteFacts,
  RemoteFile,
  RemoteReason,
  RemoteSource,
  RemoteTarget,
  RemoteWish,
} from "@contentlib/server/ports/index";
import { RemoteError } from "@contentlib/server/ports/index";
import { HandSource } from "../bytes/byte-sources.ts";

/** How a server answers one request. It may throw, as a server that does not. */
export type ScriptedAnswer = (wish: RemoteWish) => RemoteFile | Promise<RemoteFile>;

/** A file as a server may have it. */
export interface ScriptedFile {
  readonly content: string | Uint8Array;
  /** Strong tag; without one a broken fetch begins anew. */
  readonly validator?: string;
  /** False where the server does not say how long it is. */
  readonly isSizeTold?: boolean;
  /** The server breaks off once it has sent the bytes up to there. */
  readonly breaksAtBytes?: number;
  /** Where the answer comes from in the end. */
  readonly finalUrl?: string;
  /** Resolves when the bytes after the first one may come. */
  readonly gate?: Promise<void>;
}

/** The error of a server that does not give what is asked for. */
export const remoteError = (reason: RemoteReason, sentence: string): RemoteError =>
  new RemoteError(reason, sentence);

/** A server that does not give what is asked for. */
export const fails =
  (reason: RemoteReason, sentence = `It is ${reason}.`): ScriptedAnswer =>
  () => {
    throw remoteError(reason, sentence);
  };

/** Pours what is told, byte order kept, until it is stopped; cut as a real one is, by the signal of the wish. */
const pouring = (
  bytes: Uint8Array,
  { signal }: RemoteWish,
  { gate, breaks }: { readonly gate: Promise<void> | undefined; readonly breaks: boolean },
): ByteSource => {
  const source = new HandSource();
  signal.addEventListener(
    "abort",
    () => source.break(remoteError("cancelled", "The fetch was cut.")),
    { once: true },
  );
  const push = async (part: Uint8Array): Promise<void> => {
    if (part.byteLength === 0 || source.stopped || signal.aborted) return;
    if (!source.push(part)) await source.flowing();
  };
  void source.poured.then(async () => {
    await push(bytes.subarray(0, 1));
    await gate;
    await push(bytes.subarray(1));
    if (signal.aborted) return;
    if (breaks) source.break(remoteError("connection", "The server broke off."));
    else source.end();
  });
  return source;
};

/** A server that has the file, and goes on with it where the validator says that it is still the same one. */
export const serves =
  (file: ScriptedFile): ScriptedAnswer =>
  (wish) => {
    const { content, validator = null, isSizeTold = true, breaksAtBytes } = file;
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const isSame = wish.from !== undefined && wish.from.validator === validator;
    const startsAtBytes = isSame ? wish.from.offsetBytes : 0;
    if (startsAtBytes > 0 && startsAtBytes >= bytes.byteLength)
      throw remoteError("changed", "The file is another one.");
    const part = bytes.subarray(startsAtBytes, breaksAtBytes);
    return {
      url: file.finalUrl ?? wish.url,
      redirects: file.finalUrl === undefined ? 0 : 1,
      startsAtBytes,
      sizeBytes: isSizeTold ? bytes.byteLength : null,
      validator,
      peer: null,
      body: pouring(part, wish, { gate: file.gate, breaks: breaksAtBytes !== undefined }),
      close: () => undefined,
    };
  };

/** A server that answers nothing until it is cut; `asked` resolves once it was asked. */
export const silent = (): { readonly answer: ScriptedAnswer; readonly asked: Promise<void> } => {
  const asked = Promise.withResolvers<void>();
  return {
    asked: asked.promise,
    answer: async ({ signal }) => {
      asked.resolve();
      return await new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(remoteError("cancelled", "It was cut.")), {
          once: true,
        }),
      );
    },
  };
};

/** Other servers, in the test's hand: each address answers as it was told, time after time; the last answer stands. */
export class ScriptedRemote implements RemoteSource {
  /** Everything that was asked for, in order. */
  readonly asked: RemoteWish[] = [];
  readonly #answers = new Map<string, ScriptedAnswer[]>();

  /** What the address answers from now on. */
  at(url: string, ...answers: readonly ScriptedAnswer[]): void {
    this.#answers.set(url, [...answers]);
  }

  /** How often it was asked for the address. */
  countOf(url: string): number {
    return this.asked.filter((wish) => wish.url === url).length;
  }

  async open(wish: RemoteWish): Promise<RemoteFile> {
    this.asked.push(wish);
    const answers = this.#answers.get(wish.url) ?? [];
    const [first, ...others] = answers;
    if (others.length > 0) this.#answers.set(wish.url, others);
    if (first === undefined) throw remoteError("absent", "There is nothing at that address.");
    return await first(wish);
  }

  async probe(target: RemoteTarget): Promise<RemoteFacts> {
    const file = await this.open(target);
    file.close();
    const { url, redirects, sizeBytes, validator, peer } = file;
    return { url, redirects, sizeBytes, validator, peer };
  }
}

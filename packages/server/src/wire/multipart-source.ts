import type { ByteSink, ByteSource, Pour } from "../ports/index.ts";
import { MultipartError, MultipartParser } from "./multipart-parser.ts";

/** One pour of the file inside a multipart body. What the sink can not take yet waits here: at most one chunk of the body. */
class FilePour implements ByteSink, Pour {
  readonly #sink: ByteSink;
  readonly #parser: MultipartParser;
  readonly #onFailure: (error: MultipartError) => void;
  readonly #waiting: Buffer[] = [];
  #body: Pour | null = null;
  #isPaused = false;
  #isOver = false;
  #hasBodyEnded = false;

  constructor(boundary: string, sink: ByteSink, onFailure: (error: MultipartError) => void) {
    this.#sink = sink;
    this.#onFailure = onFailure;
    this.#parser = new MultipartParser(boundary, (bytes) => this.#offer(bytes));
  }

  open(source: ByteSource): Pour {
    this.#body = source.pourInto(this);
    if (this.#isOver) this.#body.stop();
    return this;
  }

  chunk(bytes: Uint8Array): boolean {
    if (this.#isOver) return false;
    const parsed = this.#parse(() =>
      this.#parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    );
    return parsed && !this.#isPaused;
  }

  end(): void {
    if (this.#isOver || !this.#parse(() => this.#parser.end())) return;
    this.#hasBodyEnded = true;
    if (!this.#isPaused) this.#finish();
  }

  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.fail(reason);
  }

  resume(): void {
    this.#isPaused = false;
    while (!this.#isPaused) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#isPaused = !this.#sink.chunk(next);
    }
    if (this.#isPaused || this.#isOver) return;
    if (this.#hasBodyEnded) this.#finish();
    else this.#body?.resume();
  }

  stop(): void {
    this.#isOver = true;
    this.#body?.stop();
  }

  #offer(bytes: Buffer): void {
    if (this.#isOver) return;
    if (this.#isPaused) this.#waiting.push(bytes);
    else this.#isPaused = !this.#sink.chunk(bytes);
  }

  #parse(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      if (!(error instanceof MultipartError)) throw error;
      this.#isOver = true;
      this.#body?.stop();
      this.#onFailure(error);
      this.#sink.fail(error);
      return false;
    }
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#sink.end();
  }
}

/** The one file inside a `multipart/form-data` body, unpacked while it streams (contract P5). */
export class MultipartSource implements ByteSource {
  readonly #body: ByteSource;
  readonly #boundary: string;
  #failure: MultipartError | null = null;

  constructor(body: ByteSource, boundary: string) {
    this.#body = body;
    this.#boundary = boundary;
  }

  /** What is wrong with the body, once that has shown. */
  get failure(): MultipartError | null {
    return this.#failure;
  }

  pourInto(sink: ByteSink): Pour {
    const pour = new FilePour(this.#boundary, sink, (error) => {
      this.#failure = error;
    });
    return pour.open(this.#body);
  }
}

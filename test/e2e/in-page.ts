// What the tests of the SDK in a browser find in their pages.
import type * as sdk from "@contentlib/client";

/** How a push in the page ended, and what it told on its way. */
export interface Seen {
  readonly error: Pick<sdk.PushError, "canGoOn" | "code" | "name"> | null;
  readonly result: sdk.PushResult | null;
  readonly types: readonly string[];
  readonly offsets: readonly number[];
  readonly sessionId: string;
}

/** What the code of each test finds in the page, as its global `inPage`. */
export interface InPage {
  readonly sdk: typeof sdk;
  /** A client of the administrator, or of whoever has the other password in his name. */
  connect(url: string, other?: string): sdk.Client;
  /** The same letters as `lettersOf` here. */
  lettersOf(sizeBytes: number): Uint8Array<ArrayBuffer>;
  /** Pushes `a.iso` of that many letters, and calls back once when more than so many bytes are on their way. */
  push(
    client: sdk.Client,
    what: Partial<sdk.PushOptions> & { readonly sizeBytes: number },
    midway?: { readonly afterBytes: number; readonly act: (sessionId: string) => Promise<void> },
  ): Promise<Seen>;
}

/** Runs in the page, which has nothing but its argument and the client's sources: makes `inPage`, with the administrator's password. */
export const installInPage = async (secret: string): Promise<void> => {
  const name = "@contentlib/client";
  const client = (await import(name)) as typeof sdk;
  const lettersOf: InPage["lettersOf"] = (sizeBytes) =>
    new Uint8Array(sizeBytes).map((_, at) => 97 + ((at * 7 + (at >> 8)) % 26));
  const push: InPage["push"] = async (by, { sizeBytes, ...what }, midway) => {
    const types: string[] = [];
    const offsets: number[] = [];
    let sessionId = "";
    let acted: Promise<void> | null = null;
    const source = client.blobSource(new Blob([lettersOf(sizeBytes)]));
    const pushing = by.push({
      library: "images",
      item: "debian",
      files: [{ name: "a.iso", source }],
      ...what,
    });
    const seen = { types, offsets };
    try {
      for await (const event of pushing) {
        if (types.at(-1) !== event.type) types.push(event.type);
        if (event.type === "session") ({ sessionId } = event);
        if (event.type === "resuming") offsets.push(event.offsetBytes);
        const isMidway = event.type === "progress" && event.sentBytes > (midway?.afterBytes ?? 0);
        if (isMidway) acted ??= midway?.act(sessionId) ?? null;
      }
      await acted;
      return { error: null, result: await pushing.result, sessionId, ...seen };
    } catch (error) {
      await acted;
      if (!(error instanceof client.PushError)) throw error;
      const { code, canGoOn } = error;
      return { error: { name: error.name, code, canGoOn }, result: null, sessionId, ...seen };
    }
  };
  const inPage: InPage = {
    sdk: client,
    connect: (url, other = secret) =>
      client.createClient({ url, credentials: { userName: "administrator", password: other } }),
    lettersOf,
    push,
  };
  Object.assign(globalThis, { inPage });
};

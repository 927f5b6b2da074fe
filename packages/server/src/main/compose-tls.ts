import { hostname } from "node:os";
import type { CertificateFacts } from "../adapters/tls/certificate-facts.ts";
import { KeyPairWatch } from "../adapters/tls/key-pair-watch.ts";
import { loadOrCreateKeyPair, makeKeyPair, ownKeyPairFiles } from "../adapters/tls/own-key-pair.ts";
import type { CheckedKeyPair, KeyPairFiles } from "../adapters/tls/read-key-pair.ts";
import { readKeyPair } from "../adapters/tls/read-key-pair.ts";
import type { ListenAddress } from "../config/listen-address.ts";
import type { TlsSetting } from "../config/tls-setting.ts";
import type { Closable, Clock } from "../ports/index.ts";
import { PortError } from "../ports/index.ts";
import type { WireServer } from "../wire/server.ts";
import { expiryWarning, timeText } from "./certificate-warnings.ts";
import type { DataDirectory } from "./data-directory.ts";
import type { Operator } from "./operator.ts";
import { StartError } from "./start-error.ts";
import type { NameSources } from "./wanted-names.ts";
import { lackingNames, wantedNames } from "./wanted-names.ts";

/** What TLS needs to know of the server. */
export interface TlsNeeds {
  readonly setting: TlsSetting;
  /** Null for a server in memory. */
  readonly directory: DataDirectory | null;
  readonly publicUrl: string | null;
  readonly listen: ListenAddress;
  readonly clock: Clock;
  readonly operator: Operator;
}

const EXPIRY_PERIOD_MS = 24 * 3_600_000;

/** Where a pair comes from, and how it gets new. */
interface Source {
  /** Null for a pair that lies in no file. */
  readonly files: KeyPairFiles | null;
  /** What to do about a certificate that ends. */
  readonly remedy: string;
  /** Names that the server answers for; null where they are the affair of whoever made the certificate. */
  readonly names: NameSources | null;
}

/** The certificate of a running server: watched in its files, and changed in the wire without touching a connection. */
export class ServerTls {
  /** The pair to begin with. */
  readonly pair: CheckedKeyPair;
  readonly #source: Source;
  readonly #clock: Clock;
  readonly #operator: Operator;
  #facts: CertificateFacts;
  #watch: KeyPairWatch | null = null;
  #reminder: Closable | null = null;

  constructor(
    pair: CheckedKeyPair,
    source: Source,
    { clock, operator }: Pick<TlsNeeds, "clock" | "operator">,
  ) {
    this.pair = pair;
    this.#source = source;
    this.#facts = pair.facts;
    this.#clock = clock;
    this.#operator = operator;
    this.#warn();
  }

  /** Of the certificate that new connections get. */
  get facts(): CertificateFacts {
    return this.#facts;
  }

  /** Hands over to the wire what is new in the files, from now on, and warns in time of a certificate that ends. */
  watch(wire: Pick<WireServer, "useKeyPair">): void {
    const { files } = this.#source;
    this.#reminder = this.#clock.every(EXPIRY_PERIOD_MS, () => this.#warnOfExpiry());
    if (files === null) return;
    this.#watch = new KeyPairWatch({
      files,
      current: this.pair,
      clock: this.#clock,
      onPair: (pair) => {
        wire.useKeyPair(pair);
        this.#facts = pair.facts;
        const { sha256, expiresAt } = pair.facts;
        this.#operator.note(
          `New connections get the certificate with the SHA-256 ${sha256}, valid until ${timeText(expiresAt)}; those that are there go on.`,
        );
        this.#warn();
      },
      onRefused: ({ message }) => this.#operator.warn(`${message} The certificate stays as it is.`),
    });
  }

  /** Looks at the files at once, and says what came of it. */
  async reload(): Promise<void> {
    const look = (await this.#watch?.look()) ?? "unchanged";
    if (look === "unchanged") this.#operator.note("The certificate for TLS is the same as before.");
  }

  close(): void {
    this.#watch?.close();
    this.#reminder?.close();
  }

  #warn(): void {
    this.#warnOfExpiry();
    const { names, remedy } = this.#source;
    const lacking = names === null ? [] : lackingNames(this.#facts.names, names);
    if (lacking.length === 0) return;
    const flags = lacking.map((name) => ` --name ${name}`).join("");
    this.#operator.warn(
      `The certificate for TLS is not for ${lacking.join(", ")}: ${remedy}${flags}.`,
    );
  }

  #warnOfExpiry(): void {
    const warning = expiryWarning(this.#facts, this.#clock.now(), this.#source.remedy);
    if (warning !== null) this.#operator.warn(warning);
  }
}

const explained = (error: unknown): unknown =>
  error instanceof PortError ? new StartError(error.message, { cause: error }) : error;

/** For files of the server's own: what is lost or damaged comes back from a backup, or is made anew. */
const explainedOwn = (error: unknown, { keyFile, certFile }: KeyPairFiles): unknown => {
  const isLost = error instanceof PortError && ["absent", "corrupt"].includes(error.kind);
  if (!isLost) return explained(error);
  return new StartError(
    `${error.message} Restore ${keyFile} and ${certFile} from a backup, or remove both: new ones are made then, and clients have to be told of them.`,
    { cause: error },
  );
};

const openSelfSigned = async (needs: TlsNeeds): Promise<ServerTls> => {
  const { directory, publicUrl, listen, clock } = needs;
  const names: NameSources = { publicUrl, listen, hostName: hostname() };
  const wish = { names: wantedNames(names), now: clock.now() };
  if (directory === null) {
    const source: Source = {
      files: null,
      remedy: "start the server again, which makes a new one",
      names: null,
    };
    return new ServerTls(await makeKeyPair(wish), source, needs);
  }
  const files = ownKeyPairFiles(directory.path);
  const remedy = `contentlib tls renew --data ${directory.path}`;
  try {
    const pair = await loadOrCreateKeyPair(files, wish);
    return new ServerTls(pair, { files, remedy, names }, needs);
  } catch (error) {
    throw explainedOwn(error, files);
  }
};

const openFiles = async (files: KeyPairFiles, needs: TlsNeeds): Promise<ServerTls> => {
  const remedy = `put a new one into ${files.certFile}, where it is taken up by itself`;
  try {
    return new ServerTls(await readKeyPair(files), { files, remedy, names: null }, needs);
  } catch (error) {
    throw explained(error);
  }
};

/** The certificate that the settings ask for; null without TLS. Rejects with a `StartError` that names the file and what is wrong. */
export const composeTls = async (needs: TlsNeeds): Promise<ServerTls | null> => {
  const { setting } = needs;
  switch (setting.kind) {
    case "off":
      return null;
    case "self-signed":
      return await openSelfSigned(needs);
    case "files":
      return await openFiles(setting, needs);
  }
};

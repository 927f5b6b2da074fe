import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { SystemClock } from "../adapters/clock/system-clock.ts";
import type { CertificateFacts } from "../adapters/tls/certificate-facts.ts";
import { readCertificateFacts } from "../adapters/tls/certificate-facts.ts";
import { parseCertificateName } from "../adapters/tls/certificate-name.ts";
import { ownKeyPairFiles, renewCertificate } from "../adapters/tls/own-key-pair.ts";
import { readTlsPlace } from "../config/config.ts";
import type { Environment } from "../config/env.ts";
import { PortError } from "../ports/index.ts";
import { StartError, systemCodeOf } from "./start-error.ts";
import { withNames } from "./wanted-names.ts";

/** A certificate in a file. */
export interface CertificateInFile {
  readonly file: string;
  readonly facts: CertificateFacts;
}

/** Which data directory; the one of the settings in the environment when `data` is absent. */
export interface TlsWhere {
  readonly data?: string;
  readonly env: Environment;
}

/** Only a server makes the first certificate: it knows its names. */
const noneYet = (directory: string, cause: unknown): StartError =>
  new StartError(
    `There is no certificate of the server's own in ${directory}: contentlib serve --tls self-signed --data ${directory} makes one.`,
    { cause },
  );

const readFacts = async (file: string): Promise<CertificateFacts> => {
  const text = await readFile(file, "utf8");
  try {
    return readCertificateFacts(text);
  } catch (error) {
    throw new StartError(`The file ${file} holds no certificate in PEM form that can be read.`, {
      cause: error,
    });
  }
};

/** The certificate in a file. Rejects with a `StartError` where there is none. */
export const showCertificate = async (file: string): Promise<CertificateInFile> => {
  try {
    return { file, facts: await readFacts(file) };
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === null) throw error;
    throw new StartError(`The file ${file} can not be read (${code}).`, { cause: error });
  }
};

/** The certificate that a server with these settings has. Rejects with a `StartError` where there is none. */
export const showServerCertificate = async ({
  data,
  env,
}: TlsWhere): Promise<CertificateInFile> => {
  const { certFile, dataDirectory } = readTlsPlace(env, data);
  if (certFile !== null) return await showCertificate(certFile);
  const own = ownKeyPairFiles(dataDirectory).certFile;
  try {
    return { file: own, facts: await readFacts(own) };
  } catch (error) {
    throw systemCodeOf(error) === "ENOENT" ? noneYet(dataDirectory, error) : error;
  }
};

const parseNames = (names: readonly string[]): readonly string[] =>
  names.map((text) => {
    const name = parseCertificateName(text);
    if (name !== null) return name;
    throw new StartError(
      `"${text}" is no name for a certificate: it is a DNS name without a wildcard, or an IP address.`,
    );
  });

/**
 * Puts a new certificate in the place of the one that a server has made itself: of the same key, for its names, this machine's, and
 * those of `names`. A server may run on the directory; it takes the new one up by itself. Rejects with a `StartError`.
 */
export const renewServerCertificate = async (
  names: readonly string[],
  { data, env }: TlsWhere,
): Promise<CertificateInFile> => {
  const added = parseNames(names);
  const { dataDirectory } = readTlsPlace(env, data);
  const files = ownKeyPairFiles(dataDirectory);
  try {
    const present = await readFacts(files.certFile);
    const wanted = withNames(present.names, [...added, hostname()]);
    const wish = { names: wanted, now: new SystemClock().now() };
    return { file: files.certFile, facts: (await renewCertificate(files, wish)).facts };
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") throw noneYet(dataDirectory, error);
    if (!(error instanceof PortError)) throw error;
    throw new StartError(error.message, { cause: error });
  }
};

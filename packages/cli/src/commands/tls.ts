import type { CertificateInFile } from "@contentlib/server";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure } from "../failure.ts";

/** Options of `contentlib tls show`. */
export interface TlsShowOptions {
  /** Path of the data directory. */
  readonly data?: string;
}

/** Options of `contentlib tls renew`. */
export interface TlsRenewOptions extends TlsShowOptions {
  readonly name?: readonly string[];
}

/** `contentlib tls show [FILES]`: what people compare of a certificate. */
export async function tlsShow(
  { env, output }: CommandContext,
  files: readonly string[],
  { data }: TlsShowOptions,
): Promise<void> {
  const server = await import("@contentlib/server");
  if (files.length > 0 && data !== undefined)
    throw new Failure(EXIT_CODES.usage, "Name files or a data directory, not both.");
  const shown = await refused(
    async () =>
      files.length === 0
        ? [await server.showServerCertificate({ env, ...where(data) })]
        : await Promise.all(files.map(server.showCertificate)),
    files.length === 0 ? elsewhere("show", data) : undefined,
  );
  const lines = shown.flatMap(({ file, facts }) => [file, ...server.describeCertificate(facts)]);
  output.result({ certificates: shown.map(jsonOf) }, lines);
}

/** `contentlib tls renew`: a new certificate of the same key in the place of the present one. */
export async function tlsRenew(
  { env, output }: CommandContext,
  { data, name = [] }: TlsRenewOptions,
): Promise<void> {
  const server = await import("@contentlib/server");
  const renewed = await refused(
    async () => await server.renewServerCertificate(name, { env, ...where(data) }),
    elsewhere("renew", data),
  );
  const lines = [renewed.file, ...server.describeCertificate(renewed.facts)];
  output.result({ changed: true, certificate: jsonOf(renewed) }, lines);
  output.note("A server that runs on this directory takes it up within seconds.");
}

/** Where nothing is found in the directory of the settings, the server's may be another. */
const elsewhere = (command: string, data: string | undefined): string | undefined =>
  data === undefined
    ? `Is the server's data directory another? Name it: contentlib tls ${command} --data DIR`
    : undefined;

const where = (data: string | undefined): { readonly data?: string } =>
  data === undefined ? {} : { data };

const timeOf = (at: number): string => new Date(at).toISOString();

const jsonOf = ({ file, facts }: CertificateInFile) => ({
  file,
  sha1: facts.sha1,
  sha256: facts.sha256,
  pin: facts.pin,
  names: facts.names,
  valid_from: timeOf(facts.validFrom),
  expires_time: timeOf(facts.expiresAt),
});

/** What the server's package calls a reason not to start is a refusal here; it is known by its name, as its class is loaded late. */
async function refused<Result>(work: () => Promise<Result>, hint?: string): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "StartError") throw error;
    const isMissing = error.message.startsWith("There is no certificate");
    throw new Failure(EXIT_CODES.refused, error.message, isMissing ? hint : undefined);
  }
}

import { isFault } from "@contentlib/contract/vocabulary";
import { loginPlace } from "../../domain/pull-source.ts";
import type { UrlLogin } from "../../domain/remote-url.ts";
import { originOf } from "../../domain/secret.ts";
import type { PulledFile } from "../../domain/update-session.ts";
import type { RemoteFile, RemoteWish, SecretSeal } from "../../ports/index.ts";
import type { Core } from "../core.ts";
import { Fault } from "../fault.ts";
import { pullFailed } from "./pull-failure.ts";

/** What it takes to open where a file is pulled from. */
export type SourceCore = Pick<Core, "catalog" | "local" | "remote" | "seal" | "secrets">;

/** The server that a file is pulled from, as one word; all that is none has one of its own. */
export const serverOf = ({ from }: PulledFile): string => originOf(from.url) ?? "this machine";

/** A login for storage: as one text, which is sealed. */
export const sealLogin = (
  { seal }: Pick<Core, "seal">,
  entryId: string,
  { userName, password }: UrlLogin,
): string => seal.seal(JSON.stringify({ userName, password }), loginPlace(entryId));

const LOGIN_LOST =
  "The login of its address can not be read any more, since the key that seals it is another one.";

const unsealed = (seal: SecretSeal, file: PulledFile, sealedLogin: string): UrlLogin => {
  try {
    return JSON.parse(seal.open(sealedLogin, loginPlace(file.entryId))) as UrlLogin;
  } catch (error) {
    throw new Fault(pullFailed(file, LOGIN_LOST), error);
  }
};

const loginOf = async (
  { seal, secrets }: SourceCore,
  file: PulledFile,
): Promise<UrlLogin | null> => {
  const { url, secret, sealedLogin } = file.from;
  if (secret !== undefined) {
    const login = await secrets.loginFor(secret, url);
    if (isFault(login)) throw new Fault(login);
    return login;
  }
  return sealedLogin === undefined ? null : unsealed(seal, file, sealedLogin);
};

/** Asks for a file where it is to be pulled from, whole or from there on. Rejects with a `RemoteError`, or a `Fault` about its secret. */
export const openSource = async (
  core: SourceCore,
  file: PulledFile,
  wish: Pick<RemoteWish, "signal" | "from">,
): Promise<RemoteFile> => {
  const { url, pin } = file.from;
  if (originOf(url) === null) return await core.local.open({ url, ...wish });
  const login = await loginOf(core, file);
  const trusted = (await core.catalog.listCertificates()).map(({ certText }) => certText);
  return await core.remote.open({
    url,
    trusted,
    ...wish,
    ...(pin === undefined ? {} : { pin }),
    ...(login === null ? {} : { login }),
  });
};

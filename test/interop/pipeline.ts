import type { GrantRole } from "@contentlib/contract/vocabulary";
import { type Client, createClient } from "@contentlib/client";
import { type LiveServer, password } from "../e2e/live-server.ts";

/** A pipeline that logs in by a token and may edit in one library, and what it may only see, or not even that. */
export interface Pipeline {
  readonly administrator: Client;
  readonly user: string;
  readonly token: string;
  readonly tokenId: string;
  readonly own: string;
  /** Empty where there is none. */
  readonly seen: string;
  readonly hidden: string;
}

/** Makes a pipeline on the server. Its own library goes by the name; one that it may only see is made where it has a name too. */
export async function makePipeline(
  { url }: LiveServer,
  { name = "images", seen }: { readonly name?: string; readonly seen?: string } = {},
): Promise<Pipeline> {
  const administrator = createClient({ url, credentials: { userName: "administrator", password } });
  const user = "pipeline";
  await administrator.user.create({ create_spec: { name: user } });
  const library = async (its: string, role?: GrantRole): Promise<string> => {
    const library_id = await administrator.localLibrary.create({ create_spec: { name: its } });
    if (role !== undefined)
      await administrator.grant.create({ create_spec: { user, role, library_id } });
    return library_id;
  };
  const own = await library(name, "EDITOR");
  const hidden = await library("hidden");
  const shown = seen === undefined ? "" : await library(seen, "VIEWER");
  const made = await administrator.token.create({ create_spec: { user, name: "nightly" } });
  return {
    administrator,
    user,
    token: made.token,
    tokenId: made.token_id,
    own,
    seen: shown,
    hidden,
  };
}

import type { GrantInfo, LibraryModel, Services } from "@contentlib/client";
import { grantTable, placeOfGrant, subjectOfGrant } from "../access-tables.ts";
import { resolveLibrary } from "../address.ts";
import type { CommandContext } from "../command-context.ts";
import { EXIT_CODES } from "../exit-codes.ts";
import { Failure, Retold } from "../failure.ts";
import { grantRole } from "../grant-role.ts";
import { countOf, shellWord } from "../output.ts";
import { withServices } from "../with-services.ts";
import type { WhereOptions } from "../with-services.ts";

/** Options of `contentlib grant ls`. */
export interface GrantLsOptions extends WhereOptions {
  readonly user?: string;
  readonly group?: string;
  readonly token?: string;
  readonly library?: string;
}

/** Options of `contentlib grant add`. */
export interface GrantAddOptions extends GrantLsOptions {
  readonly everything?: boolean;
}

const subjectOf = ({ user, group, token }: GrantLsOptions) => ({
  ...(user === undefined ? {} : { user }),
  ...(group === undefined ? {} : { group }),
  ...(token === undefined ? {} : { token_id: token }),
});

/** `contentlib grant add ROLE`: grants a role to one subject, on everything or on one library. */
export async function grantAdd(
  context: CommandContext,
  word: string,
  options: GrantAddOptions,
): Promise<void> {
  const { output, signal } = context;
  const role = grantRole(word);
  const subject = subjectOf(options);
  if (Object.keys(subject).length !== 1)
    throw new Failure(EXIT_CODES.usage, "For whom? Name one of --user, --group and --token.");
  if (options.library === undefined && options.everything !== true)
    throw new Failure(EXIT_CODES.usage, "On what? Name --library LIBRARY, or say --everything.");
  await withServices(context, options, async (services) => {
    const library = await libraryOf(services, options, signal);
    const place = library === undefined ? {} : { library_id: library.id };
    const created = services.grant.create(
      { create_spec: { ...subject, role, ...place } },
      { signal },
    );
    const id = await created.catch((error: unknown) => {
      throw library === undefined ? error : byName(error, library);
    });
    // A token that was just cut down may not see what it could before.
    const grants = await services.grant
      .list({ ...subject, ...place }, { signal })
      .catch(nothingWhenRefused);
    const grant = grants.find(({ grant_id }) => grant_id === id);
    const line =
      grant === undefined
        ? "Granted."
        : `Granted to ${subjectOfGrant(grant)}: ${role.toLowerCase()} on ${placeOfGrant(grant)}.`;
    output.result({ changed: true, grant: grant ?? { grant_id: id } }, [
      `${line}  ${output.style("dim", id)}`,
    ]);
  });
}

function nothingWhenRefused(error: unknown): readonly GrantInfo[] {
  if (error instanceof Error && "kind" in error && error.kind === "library") return [];
  throw error;
}

async function libraryOf(
  services: Services,
  { library }: GrantLsOptions,
  signal: AbortSignal,
): Promise<LibraryModel | undefined> {
  return library === undefined ? undefined : await resolveLibrary(services, library, signal);
}

/** A refusal that there is such a grant already, which names the library as people do and not by its id. */
function byName(error: unknown, { id, name }: LibraryModel): unknown {
  const isTold = error instanceof Error && "class" in error && error.class === "already_exists";
  if (!isTold || !error.message.includes(id)) return error;
  const hint = `See which there are: contentlib grant ls --library ${shellWord(name)}`;
  return new Retold(error, hint, error.message.replaceAll(id, name));
}

/** `contentlib grant ls`: the grants that the caller may see: his own, and those on what he is administrator of. */
export async function grantLs(context: CommandContext, options: GrantLsOptions): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async (services) => {
    const library = await libraryOf(services, options, signal);
    const place = library === undefined ? {} : { library_id: library.id };
    const grants = await services.grant.list({ ...subjectOf(options), ...place }, { signal });
    output.result({ grants }, grants.length === 0 ? ["There are no grants."] : grantTable(grants));
  });
}

/** `contentlib grant rm ID...`: takes grants back. */
export async function grantRm(
  context: CommandContext,
  ids: readonly string[],
  options: WhereOptions,
): Promise<void> {
  const { output, signal } = context;
  await withServices(context, options, async ({ grant: grants }) => {
    for (const id of ids) await grants.delete({ grant_id: id }, { signal });
    output.result({ changed: true, removed: ids }, [`${countOf(ids.length, "grant")} taken back.`]);
  });
}

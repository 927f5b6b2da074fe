import type { UpdateSessionFileInfo } from "@contentlib/contract";

/**
 * The files of a session but for those that came within an archive of these names: a server of ours lists them behind it once it is
 * whole, with its endpoint.
 */
export const withoutMembers = (
  names: ReadonlySet<string>,
  found: readonly UpdateSessionFileInfo[],
): readonly UpdateSessionFileInfo[] => {
  const endpoints = new Set(
    found.filter(({ name }) => names.has(name)).map((file) => file.upload_endpoint?.uri),
  );
  return found.filter(({ name, upload_endpoint: endpoint }) => {
    const hasOwn = endpoint === undefined || !endpoints.has(endpoint.uri);
    return hasOwn || names.has(name);
  });
};

/** What a get answers; null where the object is not there, as when it has gone since it was listed. */
export async function ifThere<Model>(get: Promise<Model>): Promise<Model | null> {
  try {
    return await get;
  } catch (error) {
    const isAbsent = error instanceof Error && "class" in error && error.class === "not_found";
    if (!isAbsent) throw error;
    return null;
  }
}

/** The list without what was gone when it was asked for. */
export const present = <Model>(models: readonly (Model | null)[]): Model[] =>
  models.filter((model) => model !== null);

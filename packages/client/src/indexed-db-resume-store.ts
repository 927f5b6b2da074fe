import type { ResumeState, ResumeStore } from "./resume-store.ts";

/** The one object store of the database. */
const PUSHES = "pushes";

/**
 * Notes of pushes in a database of the browser, for pages and workers: they outlive the page. The name is that of the database,
 * which belongs to the page's origin. Its methods reject where the browser keeps nothing, as some do in private windows.
 */
export function indexedDbResumeStore(name = "contentlib-resume"): ResumeStore {
  const within = async (
    mode: IDBTransactionMode,
    act: (pushes: IDBObjectStore) => { readonly result: unknown },
  ): Promise<unknown> => {
    const database = await openDatabase(name);
    try {
      const transaction = database.transaction(PUSHES, mode);
      const request = act(transaction.objectStore(PUSHES));
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(reasonOf(transaction));
      });
      return request.result;
    } finally {
      // Another page may want to delete the database.
      database.close();
    }
  };
  return {
    load: async (key) => (await within("readonly", (pushes) => pushes.get(key))) ?? null,
    save: async (key, state: ResumeState) =>
      void (await within("readwrite", (pushes) => pushes.put(state, key))),
    drop: async (key) => void (await within("readwrite", (pushes) => pushes.delete(key))),
  };
}

const openDatabase = async (name: string): Promise<IDBDatabase> =>
  await new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(PUSHES);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(reasonOf(opening));
  });

const reasonOf = ({ error }: { readonly error: DOMException | null }): Error =>
  error ?? new Error("The database of the browser gave no reason.");

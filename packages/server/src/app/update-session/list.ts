import type { Handler } from '../call.ts'
import type { Core } from '../core.ts'
import { loadItem } from '../item/access.ts'

/** The caller's own sessions (S17); whose time is up disappears with the next expiry run, at most a second later. */
export const listUpdateSessions =
  ({ catalog }: Pick<Core, 'catalog'>): Handler<'updateSession.list'> =>
  async ({ library_item_id }, call) => {
    const item = library_item_id === undefined ? undefined : (await loadItem(catalog, library_item_id)).value
    return [...(await catalog.listSessionIds(call.caller.accountId, item?.id))]
  }

import type { Handler } from '../call.ts'
import type { Core } from '../core.ts'
import { loadItem } from '../item/access.ts'

export const listDownloadSessions =
  ({ catalog }: Pick<Core, 'catalog'>): Handler<'downloadSession.list'> =>
  async ({ library_item_id }, call) => {
    const item = library_item_id === undefined ? undefined : (await loadItem(catalog, library_item_id)).value
    return [...(await catalog.listDownloadIds(call.caller.accountId, item?.id))]
  }

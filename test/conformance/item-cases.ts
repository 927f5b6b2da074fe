import { makeItem, replaceFiles } from "./content.ts";
import { get, made, ok } from "./http-asking.ts";
import {
  type CasesOf,
  invalid,
  MADE_UP,
  notFound,
  onApi,
  onApiWith,
  type World,
} from "./operation-case.ts";
import { freshName } from "./server-under-test.ts";

type Nouns =
  | "item"
  | "itemChange"
  | "itemFact"
  | "itemFile"
  | "itemStorage"
  | "itemVersion"
  | "subscribedItem";

const A = "/api/contentlib/items";

/** An item with two content versions. */
const changedItem = async ({ client, library }: World): Promise<string> => {
  const item = await makeItem(client, { "a.txt": "a" }, library);
  await replaceFiles(client, item, { "b.txt": "b" });
  return item;
};

/** The operations of items. */
export const ITEM_CASES: CasesOf<Nouns> = {
  "item.create": {
    real: ({ form, library }) => form.createItem({ library_id: library, name: freshName("item") }),
    madeUp: ({ form }) => notFound(form.createItem({ library_id: MADE_UP, name: "x" })),
  },
  "item.get": {
    real: ({ form, item }) => form.getItem(item),
    madeUp: ({ form }) => notFound(form.getItem(MADE_UP)),
  },
  "item.update": {
    real: ({ form, item }) => form.updateItem(item, { description: "d" }),
    madeUp: ({ form }) => notFound(form.updateItem(MADE_UP, { description: "d" })),
  },
  "item.delete": {
    real: async ({ client, form, library }) => form.deleteItem(await makeItem(client, {}, library)),
    madeUp: ({ form }) => notFound(form.deleteItem(MADE_UP)),
  },
  "item.list": {
    real: ({ form, library }) => form.listItems(library),
    madeUp: ({ form }) => notFound(form.listItems(MADE_UP)),
  },
  "item.find": {
    real: ({ form, library }) => form.findItems({ library_id: library }),
    madeUp: ({ form }) => invalid(form.findItems({})),
  },
  "item.copy": {
    real: ({ form, item, library }) =>
      form.copyItem(item, { library_id: library, name: freshName("copy") }),
    madeUp: ({ form, library }) =>
      notFound(form.copyItem(MADE_UP, { library_id: library, name: freshName("copy") })),
  },
  "item.publish": {
    real: async ({ client, form, spell }) => {
      const publish_info = { published: true, authentication_method: "NONE" };
      const name = freshName("published");
      const library = await client.done(form.createLibrary({ name, publish_info }));
      return spell.publishItem(await makeItem(client, {}, library));
    },
    madeUp: ({ spell }) => notFound(spell.publishItem(MADE_UP)),
  },
  "itemFile.list": {
    real: ({ form, item }) => form.listItemFiles(item),
    madeUp: ({ form }) => notFound(form.listItemFiles(MADE_UP)),
  },
  "itemFile.get": {
    real: ({ form, item }) => form.getItemFile(item, "a.txt"),
    madeUp: ({ form, item }) => notFound(form.getItemFile(item, "made up.txt")),
  },
  "itemStorage.list": {
    real: ({ form, item }) => form.listStorage(item),
    madeUp: ({ form }) => notFound(form.listStorage(MADE_UP)),
  },
  "itemStorage.get": {
    real: ({ form, item }) => form.getStorage(item, "a.txt"),
    madeUp: ({ form, item }) => notFound(form.getStorage(item, "made up.txt")),
  },
  "itemChange.list": {
    real: ({ form, item }) => form.listChanges(item),
    madeUp: ({ form }) => notFound(form.listChanges(MADE_UP)),
  },
  "itemChange.get": {
    real: ({ form, item }) => form.getChange(item, "2"),
    madeUp: ({ form, item }) => notFound(form.getChange(item, "77")),
  },
  "itemFact.get": {
    real: (world) => onApi(world, get(`${A}/${world.item}/facts`)),
    madeUp: (world) => notFound(onApi(world, get(`${A}/${MADE_UP}/facts`))),
  },
  "itemVersion.get": {
    real: (world) => onApi(world, get(`${A}/${world.item}/versions/2`)),
    madeUp: (world) => notFound(onApi(world, get(`${A}/${world.item}/versions/77`))),
  },
  "itemVersion.download": {
    real: (world) => onApi(world, made(`${A}/${world.item}/versions/2?action=download`, undefined)),
    madeUp: (world) =>
      notFound(onApi(world, made(`${A}/${world.item}/versions/77?action=download`, undefined))),
  },
  "itemVersion.rollback": {
    real: (world) =>
      onApiWith(world, changedItem, (item) =>
        ok("POST", `${A}/${item}?action=rollback`, { version: "2", message: "back" }),
      ),
    madeUp: (world) => notFound(onApi(world, ok("POST", `${A}/${MADE_UP}?action=rollback`, {}))),
  },
  // Items of subscribed libraries come with following a publisher, so that the real ones are of the wrong kind.
  "subscribedItem.evict": {
    real: ({ spell, item }) => spell.evictItem(item),
    answersInstead: "invalid_element_type",
    madeUp: ({ spell }) => notFound(spell.evictItem(MADE_UP)),
  },
  "subscribedItem.sync": {
    real: ({ spell, item }) => spell.syncItem(item),
    answersInstead: "invalid_element_type",
    madeUp: ({ spell }) => notFound(spell.syncItem(MADE_UP)),
  },
};

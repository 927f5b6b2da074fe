import type { Catalog } from "../../ports/index.ts";
import { catalogWith } from "../catalog-with.ts";
import type { EventFeed } from "./event-feed.ts";

/** The catalog with its commits told to those who listen; all else of it is as it was. */
export const observingCatalog = (inner: Catalog, feed: EventFeed): Catalog =>
  catalogWith(inner, { commit: (changes) => feed.commit(inner, changes) });

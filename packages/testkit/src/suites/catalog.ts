import { describe } from "node:test";
import { describeAccess } from "./catalog-access.ts";
import { describeAdministrators } from "./catalog-administrators.ts";
import { describeArchives } from "./catalog-archives.ts";
import { describeAudit } from "./catalog-audit.ts";
import { describeAuditPages } from "./catalog-audit-pages.ts";
import { describeAuditPurging, describeKeptAudit } from "./catalog-audit-purging.ts";
import { describeAuditSearches } from "./catalog-audit-searches.ts";
import { describeBlobHolders } from "./catalog-blob-holders.ts";
import { describeBlobReferences } from "./catalog-blob-references.ts";
import { describeChangeSets } from "./catalog-change-sets.ts";
import { describeCollecting } from "./catalog-collecting.ts";
import { describeCounts } from "./catalog-counts.ts";
import { describeDownloads } from "./catalog-downloads.ts";
import { describeDurability } from "./catalog-durability.ts";
import { describeExpectations } from "./catalog-expectations.ts";
import { describeGrants } from "./catalog-grants.ts";
import { describeGroups } from "./catalog-groups.ts";
import { describeHousekeeping } from "./catalog-housekeeping.ts";
import { describeLogins } from "./catalog-logins.ts";
import { describeLongLists } from "./catalog-long-lists.ts";
import { describeKeptPartials } from "./catalog-kept-partials.ts";
import { describePackages } from "./catalog-packages.ts";
import { describePartials } from "./catalog-partials.ts";
import { describeReferenceModel } from "./catalog-reference-model.ts";
import { describeRevisions } from "./catalog-revisions.ts";
import { describeRows } from "./catalog-rows.ts";
import { describeSearches } from "./catalog-searches.ts";
import { describeSecrets } from "./catalog-secrets.ts";
import { describeSessionFiles } from "./catalog-session-files.ts";
import { describeSessionLists } from "./catalog-session-lists.ts";
import { describeSessionPast } from "./catalog-session-past.ts";
import { describeSessions } from "./catalog-sessions.ts";
import { describeSubscriptions } from "./catalog-subscriptions.ts";
import type { CatalogSubject, DurableCatalogSubject } from "./catalog-subject.ts";

export type { CatalogSubject, DurableCatalogSubject } from "./catalog-subject.ts";

/** What every `Catalog` must do: each sentence of the port's documentation has a test here. */
export const catalogSuite = (name: string, subject: CatalogSubject): void => {
  describe(name, () => {
    describeRows(subject);
    describeSearches(subject);
    describeLongLists(subject);
    describeRevisions(subject);
    describeSessions(subject);
    describeSessionLists(subject);
    describeSessionPast(subject);
    describeSessionFiles(subject);
    describePackages(subject);
    describePartials(subject);
    describeKeptPartials(subject);
    describeDownloads(subject);
    describeChangeSets(subject);
    describeExpectations(subject);
    describeBlobReferences(subject);
    describeArchives(subject);
    describeBlobHolders(subject);
    describeCollecting(subject);
    describeReferenceModel(subject);
    describeSubscriptions(subject);
    describeSecrets(subject);
    describeAccess(subject);
    describeLogins(subject);
    describeGroups(subject);
    describeGrants(subject);
    describeAdministrators(subject);
    describeHousekeeping(subject);
    describeCounts(subject);
    describeAudit(subject);
    describeAuditSearches(subject);
    describeAuditPages(subject);
    describeAuditPurging(subject);
  });
};

/** What a `Catalog` that outlives its process must do beyond `catalogSuite`. */
export const durableCatalogSuite = (name: string, subject: DurableCatalogSubject): void => {
  describe(`${name}, over restarts`, () => {
    describeDurability(subject);
    describeKeptAudit(subject);
  });
};

import { catalogSuite, durableCatalogSuite } from "@contentlib/testkit/suites/catalog";
import { sqliteFileSubject } from "@contentlib/testkit/suites/catalog-sqlite-subject";

catalogSuite("the SQLite catalog in a file", sqliteFileSubject);
durableCatalogSuite("the SQLite catalog in a file", sqliteFileSubject);

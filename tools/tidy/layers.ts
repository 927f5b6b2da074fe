/** A place in the tree and what its files may import; every place may import itself. */
export interface Place {
  /** `server/domain` stands for `packages/server/src/domain`; the longest name that fits a file is its place. */
  readonly name: string;
  /** Names of places; `server/*` stands for the place `server` and all places below it. */
  readonly may: readonly string[];
  /** Places of which only types may be imported. */
  readonly types?: readonly string[];
  /** Places that may be imported only by `import()`, when they are needed. */
  readonly dynamic?: readonly string[];
  readonly packages?: readonly string[];
  readonly node?: boolean;
  readonly because: string;
}

const vocabulary = "contract/vocabulary";

/** The table of who may import whom. The arrows of ARCHITECTURE.md are these rows. */
export const places: readonly Place[] = [
  {
    name: vocabulary,
    may: [],
    because: "the vocabulary is what everything else points at, so it points at nothing.",
  },
  {
    name: "contract/models",
    may: [vocabulary],
    packages: ["zod"],
    because: "a model is made of words and of the schema library, and of nothing that uses models.",
  },
  {
    name: "contract/operations",
    may: [vocabulary, "contract/models"],
    packages: ["zod"],
    because: "an operation is data; how it travels is the affair of a binding.",
  },
  {
    name: "contract/bindings",
    may: [vocabulary],
    types: ["contract/models", "contract/operations"],
    because:
      "the client runs the bindings in a browser, and must not carry the schema library there.",
  },
  {
    name: "contract/derive",
    may: [vocabulary, "contract/models", "contract/operations", "contract/bindings"],
    packages: ["zod"],
    because: "derivation is pure; the tool that calls it writes the files.",
  },
  {
    name: "contract",
    may: [
      vocabulary,
      "contract/models",
      "contract/operations",
      "contract/bindings",
      "contract/derive",
    ],
    packages: ["zod"],
    because: "the contract is the most stable thing there is, so it points at nothing outside.",
  },
  {
    name: "server/domain",
    may: [vocabulary],
    because: "the domain decides and never acts: it knows values and words, and nothing that runs.",
  },
  {
    name: "server/ports",
    may: ["server/domain", vocabulary],
    because: "a port is written in the words of the domain, for any adapter and any caller.",
  },
  {
    name: "server/app",
    may: ["server/ports", "server/domain", vocabulary],
    types: ["contract"],
    because: "the application performs plans against ports and knows neither wires nor stores.",
  },
  {
    name: "server/work",
    may: ["server/app", "server/ports", "server/domain", vocabulary],
    because: "a background loop calls the application; stores and wires are not its affair.",
  },
  {
    name: "server/wire",
    may: [
      "server/app",
      "server/ports",
      "contract",
      "contract/bindings",
      "contract/derive",
      vocabulary,
    ],
    types: ["server/domain", "contract/operations", "contract/models"],
    packages: ["cors", "proxy-addr"],
    node: true,
    because: "a wire translates requests into calls of the application, and decides nothing.",
  },
  {
    name: "server/config",
    may: [vocabulary],
    node: true,
    because: "settings are read before anything else exists.",
  },
  {
    name: "server/adapters",
    may: ["server/ports", "server/domain", vocabulary, "ovf"],
    packages: ["asn1js", "pino", "pkijs", "prom-client", "undici"],
    node: true,
    because:
      "an adapter translates the world into the language of ports, and knows no one who calls it.",
  },
  {
    name: "server/main",
    may: [
      "server/domain",
      "server/ports",
      "server/app",
      "server/work",
      "server/wire",
      "server/config",
      "server/adapters",
      "contract",
      "contract/bindings",
      vocabulary,
    ],
    node: true,
    because:
      "main puts the parts together; a package of the world belongs in an adapter or a wire.",
  },
  {
    name: "server",
    may: ["server/main", "server/app", "server/ports", "server/domain", "server/config"],
    because: "the package's door only names what main offers.",
  },
  {
    name: "ovf",
    may: [],
    packages: ["asn1js", "pkijs", "saxes"],
    because:
      "the engine of packages stands alone, in a browser too: what it needs of the world it is given.",
  },
  {
    name: "ovf/node",
    may: ["ovf"],
    node: true,
    because: "the Node part of the engine adds files and Node's digests to it.",
  },
  {
    name: "client",
    may: ["contract/bindings"],
    types: ["contract", "contract/models", "contract/operations", vocabulary],
    because: "the client runs in a browser: no server, no schema library, no Node.",
  },
  {
    name: "client/node",
    may: ["client", "contract/bindings"],
    types: ["contract", vocabulary],
    node: true,
    because: "the Node part of the client adds files to it, and nothing of the server.",
  },
  {
    name: "cli",
    may: ["client", "client/node", "ovf", "ovf/node"],
    types: ["contract", "server", vocabulary],
    dynamic: ["server"],
    packages: ["cli-progress", "commander", "undici"],
    node: true,
    because:
      "a command is a user of the client or of the engine of packages; only `serve` and `--data` load the server, and only when they run.",
  },
  {
    name: "testkit",
    may: ["contract/*", "server/*", "client/*", "ovf/*"],
    packages: ["fast-check"],
    node: true,
    because:
      "the testkit serves the tests of every package and adds nothing of its own to install.",
  },
];

/** Adapters in these folders have several kinds, each a folder; a kind may not know another. */
export const adapterGroups: readonly string[] = ["blobs", "catalog", "item-types"];

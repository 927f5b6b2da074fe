/** What any program needs to find its files, its words and the certificates it trusts. */
const everyone = /^(PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|SSL_CERT_(FILE|DIR))$/;
/** What tells pip and Go how packages are reached, and where they keep them. */
const installers =
  /^(PIP_\w+|GO(PROXY|SUMDB|NOPROXY|NOSUMDB|PRIVATE|PATH|CACHE|MODCACHE|ROOT)|(HTTP|HTTPS|ALL|NO)_PROXY|(REQUESTS|CURL)_CA_BUNDLE|XDG_(CACHE|CONFIG)_HOME)$/i;

const allowed = (isAllowed: (name: string) => boolean): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => isAllowed(name)));

/**
 * The environment of the client's process: what every program needs of the caller's, and `more`. A caller's other settings
 * could give it another server, change its Python, make it check certificates that it is told not to check, or be secrets.
 */
export const clientEnvironment = (
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv => ({
  ...allowed((name) => everyone.test(name)),
  NO_PROXY: "127.0.0.1",
  no_proxy: "127.0.0.1",
  ...more,
});

/** The environment in which clients are installed: the caller's settings of pip, of Go and of the way to the index besides. */
export const installerEnvironment = (): NodeJS.ProcessEnv =>
  allowed((name) => everyone.test(name) || installers.test(name));

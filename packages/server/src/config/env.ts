/** One setting: how it is spelt in the environment and as a flag of `contentlib serve`, and what it means. */
export interface Setting {
  readonly variable: string;
  /** Absent where a command line would show a secret to every user of the machine. */
  readonly flag?: string;
  /** What stands after the flag in the help; a flag without one is a switch. */
  readonly placeholder?: string;
  /** The default, as the help shows it. */
  readonly fallback: string;
  readonly sentence: string;
}

/** Every setting of the server, by the name it has in `Config`. */
export const SETTINGS = {
  listen: {
    variable: "CONTENTLIB_LISTEN",
    flag: "--listen",
    placeholder: "HOST:PORT",
    fallback: "127.0.0.1:8697",
    sentence: "Where to listen; port 0 takes any free port.",
  },
  data: {
    variable: "CONTENTLIB_DATA",
    flag: "--data",
    placeholder: "DIRECTORY",
    fallback: ".data in a clone, else the data directory of the user",
    sentence: "Where everything is kept.",
  },
  publicUrl: {
    variable: "CONTENTLIB_PUBLIC_URL",
    flag: "--public-url",
    placeholder: "URL",
    fallback: "the Host of each request",
    sentence: "How clients reach the server, when that differs from what they ask for.",
  },
  tls: {
    variable: "CONTENTLIB_TLS",
    flag: "--tls",
    placeholder: "self-signed|off",
    fallback: "off, or the certificate of --tls-cert",
    sentence: "Speak TLS with a certificate that the server makes and keeps in its data directory.",
  },
  tlsCert: {
    variable: "CONTENTLIB_TLS_CERT",
    flag: "--tls-cert",
    placeholder: "FILE",
    fallback: "none",
    sentence: "Speak TLS with the certificate in this file (PEM; its chain behind it).",
  },
  tlsKey: {
    variable: "CONTENTLIB_TLS_KEY",
    flag: "--tls-key",
    placeholder: "FILE",
    fallback: "none",
    sentence: "The private key of that certificate (PEM, not encrypted).",
  },
  trustedProxies: {
    variable: "CONTENTLIB_TRUSTED_PROXIES",
    flag: "--trusted-proxies",
    placeholder: "ADDRESS,NETWORK,...",
    fallback: "none",
    sentence: "Proxies whose X-Forwarded headers are believed, such as 10.0.0.7,fd00::/8.",
  },
  corsOrigins: {
    variable: "CONTENTLIB_CORS_ORIGINS",
    flag: "--cors-origins",
    placeholder: "ORIGIN,ORIGIN,...",
    fallback: "none",
    sentence: "Origins whose pages may call the server from a browser, such as https://ci.example.",
  },
  connectionsMax: {
    variable: "CONTENTLIB_CONNECTIONS_MAX",
    flag: "--connections-max",
    placeholder: "COUNT",
    fallback: "4096",
    sentence: "How many connections there may be at a time, from 16 to 100000.",
  },
  pullAllow: {
    variable: "CONTENTLIB_PULL_ALLOW",
    flag: "--pull-allow",
    placeholder: "HOST,NETWORK,...",
    fallback: "none",
    sentence:
      "Which of the addresses that are closed may be fetched from, such as 127.0.0.1:8080,*.example.com.",
  },
  pullDeny: {
    variable: "CONTENTLIB_PULL_DENY",
    flag: "--pull-deny",
    placeholder: "HOST,NETWORK,...",
    fallback: "none",
    sentence: "What must not be fetched from, whatever --pull-allow says, such as 10.0.0.0/8,*:25.",
  },
  pullProxy: {
    variable: "CONTENTLIB_PULL_PROXY",
    flag: "--pull-proxy",
    placeholder: "URL",
    fallback: "none; http_proxy and its like are not looked at",
    sentence: "The HTTP proxy through which is fetched; it then decides what can be reached.",
  },
  pullDirectories: {
    variable: "CONTENTLIB_PULL_DIRECTORIES",
    flag: "--pull-directories",
    placeholder: "[NAME=]PATH,...",
    fallback: "none",
    sentence:
      "Directories whose files may be pulled by file:, and by ds: where they have the NAME of a datastore.",
  },
  metricsListen: {
    variable: "CONTENTLIB_METRICS_LISTEN",
    flag: "--metrics-listen",
    placeholder: "HOST:PORT",
    fallback: "none",
    sentence: "Where to show the metrics without a login; :PORT is on loopback.",
  },
  sessionTimeout: {
    variable: "CONTENTLIB_SESSION_TIMEOUT",
    flag: "--session-timeout",
    placeholder: "DURATION",
    fallback: "5m",
    sentence: "How long an update or download session lives without activity.",
  },
  sessionRetention: {
    variable: "CONTENTLIB_SESSION_RETENTION",
    flag: "--session-retention",
    placeholder: "DURATION",
    fallback: "1h",
    sentence: "How long an ended session can still be read.",
  },
  loginIdleTimeout: {
    variable: "CONTENTLIB_LOGIN_IDLE_TIMEOUT",
    flag: "--login-idle-timeout",
    placeholder: "DURATION",
    fallback: "30m",
    sentence: "How long a login lives without use.",
  },
  loginLifetime: {
    variable: "CONTENTLIB_LOGIN_LIFETIME",
    flag: "--login-lifetime",
    placeholder: "DURATION",
    fallback: "24h",
    sentence: "How long a login lives, however much it is used.",
  },
  revisions: {
    variable: "CONTENTLIB_REVISIONS",
    flag: "--revisions",
    placeholder: "COUNT",
    fallback: "5",
    sentence: "How many content versions of an item are kept with their files, at most 1000.",
  },
  partialTtl: {
    variable: "CONTENTLIB_PARTIAL_TTL",
    flag: "--partial-ttl",
    placeholder: "DURATION",
    fallback: "24h",
    sentence:
      "How long received bytes outlive an update session that expired or was interrupted; 0 keeps none.",
  },
  auditDays: {
    variable: "CONTENTLIB_AUDIT_DAYS",
    flag: "--audit-days",
    placeholder: "DAYS",
    fallback: "400",
    sentence: "How many days the trail of who did what is kept.",
  },
  datastores: {
    variable: "CONTENTLIB_DATASTORES",
    flag: "--datastores",
    placeholder: "ID,ID,...",
    fallback: "any id",
    sentence: "Ids of the datastores that stand for the default place, for clients that name one.",
  },
  adminPassword: {
    variable: "CONTENTLIB_ADMIN_PASSWORD",
    fallback: "one is made up",
    sentence: "The first password of the account administrator; later starts only compare it.",
  },
  adminPasswordFile: {
    variable: "CONTENTLIB_ADMIN_PASSWORD_FILE",
    flag: "--admin-password-file",
    placeholder: "FILE",
    fallback: "none",
    sentence: "A file that holds the first password of the account administrator.",
  },
  profileFile: {
    variable: "CONTENTLIB_PROFILE_FILE",
    flag: "--profile-file",
    placeholder: "FILE",
    fallback: "contentlib/profiles.json in the configuration directory of the user",
    sentence:
      "Where the command line finds servers and tokens; the first start on loopback adds itself.",
  },
  insecureHttp: {
    variable: "CONTENTLIB_INSECURE_HTTP",
    flag: "--insecure-http",
    fallback: "off",
    sentence:
      "Listen beyond loopback without TLS, although passwords and content then travel unencrypted.",
  },
  strict: {
    variable: "CONTENTLIB_STRICT",
    flag: "--strict",
    fallback: "off",
    sentence: "Refuse what only old or careless clients send, to find them.",
  },
  logLevel: {
    variable: "CONTENTLIB_LOG_LEVEL",
    flag: "--log-level",
    placeholder: "LEVEL",
    fallback: "info",
    sentence: "How much is logged: debug, info, warn, error or silent.",
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** The name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** Variables of the command line client: known here so that they raise no warning. */
export const CLIENT_VARIABLES: readonly string[] = [
  "CONTENTLIB_PROFILE",
  "CONTENTLIB_URL",
  "CONTENTLIB_USER",
  "CONTENTLIB_PASSWORD",
  "CONTENTLIB_TOKEN",
];

/** The environment, as the process hands it over. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** All settings with their names. */
export const settingEntries = (): readonly (readonly [SettingName, Setting])[] =>
  Object.entries(SETTINGS) as unknown as readonly (readonly [SettingName, Setting])[];

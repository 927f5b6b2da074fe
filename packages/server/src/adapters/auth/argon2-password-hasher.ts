import type { Argon2Parameters } from "node:crypto";
import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import type { PasswordHasher } from "../../ports/index.ts";
import { PortError } from "../../ports/index.ts";

/** Cost of one argon2id computation: 19 MiB, two passes, one lane; about 30 ms of one core. */
export const ARGON2_MEMORY_KIB = 19 * 1024;
export const ARGON2_PASSES = 2;
export const ARGON2_LANES = 1;
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Computations under way at once, and those that may wait; each one costs memory and a core. */
export const HASHES_RUNNING_MAX = 2;
export const HASHES_WAITING_MAX = 32;

/** Passwords longer than this are never right, so that nobody makes the server hash megabytes. */
const PASSWORD_BYTES_MAX = 1024;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

interface Encoded {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

const ENCODED =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const unpadded = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");

const encode = ({ cost, salt, tag }: Encoded): string =>
  `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.lanes}$${unpadded(salt)}$${unpadded(tag)}`;

const decode = (text: string): Encoded => {
  const parts = ENCODED.exec(text);
  if (parts === null) throw new PortError("corrupt", "The stored password hash can not be read.");
  const [, memory, passes, lanes, salt = "", tag = ""] = parts;
  return {
    cost: { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
  };
};

const compute = async (
  password: string,
  salt: Buffer,
  cost: Cost,
  tagBytes: number,
): Promise<Buffer> => {
  const parameters: Argon2Parameters = {
    message: password.normalize("NFC"),
    nonce: salt,
    parallelism: cost.lanes,
    tagLength: tagBytes,
    memory: cost.memory,
    passes: cost.passes,
  };
  return await new Promise((resolve, reject) => {
    argon2("argon2id", parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
};

/**
 * argon2id with its parameters in the encoded hash (PHC string format), so that old hashes stay good when the costs here rise.
 * Two run at a time and 32 wait; more are turned away with a `PortError` of kind `unavailable`.
 */
export class Argon2PasswordHasher implements PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Passwords that are being checked or made, and those that wait for it. */
  get queueLength(): number {
    return this.#running + this.#waiting.length;
  }

  async hash(password: string): Promise<string> {
    const cost = { memory: ARGON2_MEMORY_KIB, passes: ARGON2_PASSES, lanes: ARGON2_LANES };
    const salt = randomBytes(SALT_BYTES);
    return await this.#inTurn(async () =>
      encode({ cost, salt, tag: await compute(password, salt, cost, TAG_BYTES) }),
    );
  }

  async verify(password: string, encodedHash: string): Promise<boolean> {
    const { cost, salt, tag } = decode(encodedHash);
    if (Buffer.byteLength(password) > PASSWORD_BYTES_MAX) return false;
    return await this.#inTurn(async () =>
      timingSafeEqual(await compute(password, salt, cost, tag.length), tag),
    );
  }

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#running < HASHES_RUNNING_MAX) this.#running += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= HASHES_WAITING_MAX) {
      throw new PortError("unavailable", "Too many passwords wait to be checked.", {
        retry: "safe",
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

import { PortError } from "../../ports/index.ts";

/** The bytes that the store has of a file are not the ones that arrived: a digest of them says nothing of the file. */
export class RottenBytes extends PortError {
  constructor(fileName: string) {
    super("corrupt", `The bytes of ${fileName} in the store are not those that came.`);
  }
}

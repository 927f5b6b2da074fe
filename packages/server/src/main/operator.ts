/** Whoever runs the server, told in whole sentences what he should know. */
export interface Operator {
  /** Something that has gone as it should. */
  note(sentence: string): void;
  /** Something that he should see to. */
  warn(sentence: string): void;
}

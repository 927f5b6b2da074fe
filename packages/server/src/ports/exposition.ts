/** The figures of the server, as a monitoring system reads them. */
export interface Exposition {
  /** The media type of the text, with its version. */
  readonly contentType: string;
  /** All figures as they are now. Calls that come together share one answer. A figure that can not be read is left out. */
  render(): Promise<string>;
}

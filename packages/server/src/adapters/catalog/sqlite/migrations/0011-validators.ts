/** What a server says that the first bytes of a pulled file are of, so that only the rest of the very same file is put behind them. */
export const VALIDATORS = `
ALTER TABLE partials ADD COLUMN validator TEXT;
`;

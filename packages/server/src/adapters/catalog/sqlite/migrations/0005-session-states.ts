/** Download sessions are counted by their state, as update sessions are already, without reading their rows. */
export const SESSION_STATES = `
CREATE INDEX download_sessions_by_state ON download_sessions (state);
`;

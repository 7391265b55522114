/** The public names of @toolpocket/mcp. */
export {};

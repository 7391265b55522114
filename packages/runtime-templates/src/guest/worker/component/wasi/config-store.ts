/** `wasi:config/store`: the tool's variables. */

export interface ConfigStore {
  get(key: string): string | undefined;
  getAll(): [string, string][];
}

export function createConfigStore(variables: () => Readonly<Record<string, string>>): ConfigStore {
  return {
    get: (key) => (Object.hasOwn(variables(), key) ? variables()[key] : undefined),
    getAll: () => Object.entries(variables()),
  };
}

/** `wasi:config/store`: the tool's variables. */

export interface ConfigStore {
  get(key: string): string | undefined;
  getAll(): [string, string][];
}

export function createConfigStore(environment: Readonly<Record<string, string>>): ConfigStore {
  return {
    get: (key) => (Object.hasOwn(environment, key) ? environment[key] : undefined),
    getAll: () => Object.entries(environment),
  };
}

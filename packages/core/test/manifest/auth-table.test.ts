import { describe, expect, it } from "vitest";
import { readAuth } from "../../src/manifest/auth-table.ts";
import { openTestTable } from "../tables/open-test-table.ts";

describe("readAuth()", () => {
  it.each([
    ["slack", "SLACK_BOT_TOKEN"],
    ["reddit", "REDDIT_BOT_TOKEN"],
    ["x", "X_AUTH_TOKEN"],
    ["apitoken", "API_TOKEN"],
    ["API_TOKEN", "API_TOKEN"],
    ["github", "GITHUB_TOKEN"],
    ["Semantic-Scholar", "SEMANTIC_SCHOLAR_TOKEN"],
  ])("expects the token of %j in %s", (provider, environmentName) => {
    const auth = readAuth(openTestTable(`auth = { auth_provider = "${provider}" }`), "auth");
    expect(auth).toEqual({ provider: provider.toLowerCase(), scopes: [], environmentName });
  });

  it("is absent without the table", () => {
    expect(readAuth(openTestTable(""), "auth")).toBeUndefined();
  });
});

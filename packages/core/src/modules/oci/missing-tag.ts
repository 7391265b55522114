/** The error of a tag or digest that a repository does not have, with the nearest tag. */
import { isJsonObject } from "../../json.ts";
import { nearestHint, nearestName } from "../../nearest.ts";
import { PocketError } from "../../errors.ts";
import { readBody } from "../http-client.ts";
import type { RegistryClient } from "./registry-client.ts";

const MAX_LIST_BYTES = 1_048_576;
/** Tags that a hint names. */
const MAX_NAMED_TAGS = 8;

/** `name` is the tag or digest that was asked for. */
export async function missingTag(client: RegistryClient, name: string): Promise<PocketError> {
  const tags = await listTags(client).catch(() => []);
  const { reference, http } = client;
  const what = name.startsWith("sha256:") ? "digest" : "tag";
  const named = tags.slice(0, MAX_NAMED_TAGS).join(", ");
  return new PocketError(
    "ERR_POCKET_REF_NOT_FOUND",
    `${http.options.reference}: ${reference.host} has no ${what} ${name} of ${reference.repository}${what === "tag" ? nearestHint(name, tags) : ""}`,
    {
      hint:
        named === ""
          ? "check repository and tag; a registry may answer so to those who may not know"
          : `use one of its tags: ${named}`,
      details: { reference: http.options.reference, retryable: false, nearest: nearestName(name, tags) },
    },
  );
}

async function listTags(client: RegistryClient): Promise<string[]> {
  const answer = await client.send({ path: "tags/list?n=1000" });
  if (answer.status !== 200) {
    answer.discard();
    return [];
  }
  const list: unknown = JSON.parse(
    new TextDecoder().decode(await readBody(answer, MAX_LIST_BYTES, client.http.options)),
  );
  const tags = isJsonObject(list) ? list["tags"] : undefined;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

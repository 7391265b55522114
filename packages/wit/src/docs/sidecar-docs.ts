/** Reads the comments of WIT files that stand beside a component; what else they say is the component's own to tell. */
import { keyOf, toDocs, type WitDocs } from "./wit-docs.ts";

interface Token {
  readonly text: string;
  /** The comment before it. */
  readonly docs: string;
}

type Block =
  | { readonly kind: "world" | "type" | "other"; readonly name: string }
  | { readonly kind: "interface"; readonly name: string };

const BLOCKS = new Set(["world", "interface", "record", "variant", "enum", "flags", "resource"]);
/** Comments and marks of one character are told apart; every other run of characters is a word. */
const TOKENS = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}:;,()]|[^\s{}:;,()]+/gu;

/** Files of a package, or of several; where one says what another has said, the first counts. */
export function readSidecarDocs(texts: readonly string[]): WitDocs {
  const comments = new Map<string, string>();
  let world: string | undefined;
  for (const text of texts) {
    gather(
      tokenize(text),
      (key, docs) => {
        if (docs !== "" && !comments.has(key)) comments.set(key, docs);
      },
      (docs) => {
        if (docs !== "") world ??= docs;
      },
    );
  }
  return toDocs(comments, world);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let docs: string[] = [];
  for (const [found] of text.matchAll(TOKENS)) {
    if (found.startsWith("///")) docs.push(found.slice(3).trim());
    else if (found.startsWith("/**") && found.length > 4) docs.push(...unwrap(found));
    else if (!found.startsWith("//") && !found.startsWith("/*")) {
      tokens.push({ text: found, docs: docs.join("\n").trim() });
      docs = [];
    }
  }
  return tokens;
}

function unwrap(comment: string): string[] {
  return comment
    .slice(3, -2)
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/u, "").trimEnd());
}

function gather(
  tokens: readonly Token[],
  keep: (key: string, docs: string) => void,
  onWorld: (docs: string) => void,
): void {
  const blocks: Block[] = [];
  /** The comment that a statement began with, and its first words. */
  let docs = "";
  let words: string[] = [];
  const reset = (): void => {
    docs = "";
    words = [];
  };
  tokens.forEach((token, index) => {
    if (words.length === 0) docs = token.docs;
    else if (docs === "") docs = token.docs;
    const { text } = token;
    const inside = blocks.at(-1);
    if (text === "{") {
      blocks.push(openBlock(words));
      if (words.includes("world")) onWorld(docs);
      return reset();
    }
    if (text === "}" || text === ";" || text === ",") {
      if (inside?.kind === "type" && words[0] !== undefined && text !== ";")
        keep(keyOf({ type: inside.name, item: plain(words[0]) }), docs);
      if (text === "}") blocks.pop();
      return reset();
    }
    words.push(text);
    if (text === ":" && /^(?:async|func)$/u.test(tokens[index + 1]?.text ?? "")) {
      const name = plain(words.at(-2) ?? "");
      const owner = blocks.findLast(({ kind }) => kind === "interface");
      keep(keyOf(owner === undefined ? { function: name } : { interface: owner.name, function: name }), docs);
    }
  });
}

function openBlock(words: readonly string[]): Block {
  const at = words.findIndex((word) => BLOCKS.has(word));
  const word = words[at];
  if (word === undefined) return { kind: "other", name: "" };
  // `export ops: interface {` names its interface before the word.
  const name = plain(words[at - 1] === ":" ? (words[at - 2] ?? "") : (words[at + 1] ?? ""));
  if (word === "interface" || word === "world") return { kind: word, name };
  return { kind: word === "resource" ? "other" : "type", name };
}

/** `%type` → `type`: a name that is a word of WIT is written with a percent sign. */
function plain(name: string): string {
  return name.replace(/^%/u, "");
}

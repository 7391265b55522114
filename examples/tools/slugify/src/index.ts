/** Reads `{ text, separator?, maxLength? }` from stdin, and prints the slug. */
import { readFileSync } from "node:fs";
import { slugify } from "./slugify.ts";

const { text, ...options } = JSON.parse(readFileSync(0, "utf8"));
console.log(slugify(text, options));

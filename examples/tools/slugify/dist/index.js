// slugify/src/index.ts
var import_node_fs = require("node:fs");

// slugify/src/to-ascii.ts
var SPELLED = {
  ß: "ss",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  ł: "l",
  Ł: "L",
  đ: "d",
  Đ: "D",
  þ: "th",
  Þ: "Th",
  ð: "d",
  Ð: "D",
  ı: "i",
  "&": " and "
};
function toAscii(text2) {
  const plain = text2.normalize("NFKD").replaceAll(/\p{Mark}/gu, "");
  return plain.replaceAll(/[^\p{ASCII}]|&/gu, (letter) => SPELLED[letter] ?? letter);
}

// slugify/src/slugify.ts
function slugify(text2, { separator = "-", maxLength = 80 } = {}) {
  const words = toAscii(text2).toLowerCase().replaceAll(/['’]/gu, "").match(/[a-z0-9]+/gu) ?? [];
  let slug = (words.shift() ?? "").slice(0, maxLength);
  for (const word of words) {
    const longer = slug + separator + word;
    if (longer.length > maxLength) break;
    slug = longer;
  }
  return slug;
}

// slugify/src/index.ts
var { text, ...options } = JSON.parse((0, import_node_fs.readFileSync)(0, "utf8"));
console.log(slugify(text, options));

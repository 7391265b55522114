/** Writes Latin letters in ASCII. */

/** Letters that Unicode does not take apart into a letter and a mark. */
const SPELLED: Readonly<Record<string, string>> = {
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
  "&": " and ",
};

/** `text` without accents; letters of other scripts stay as they are. */
export function toAscii(text: string): string {
  const plain = text.normalize("NFKD").replaceAll(/\p{Mark}/gu, "");
  return plain.replaceAll(/[^\p{ASCII}]|&/gu, (letter) => SPELLED[letter] ?? letter);
}

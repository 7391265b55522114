"""Statistics of a text."""
import re
from collections import Counter

WORDS_A_MINUTE = 238  # silent reading of English: M. Brysbaert, 2019


def run(text, top=5):
    # An apostrophe or a hyphen inside of a word belongs to it.
    words = re.findall(r"\w+(?:['’\-]\w+)*", text)
    frequent = Counter(word.casefold() for word in words).most_common(top)
    return {
        "characters": len(text),
        "words": len(words),
        "sentences": count_sentences(text),
        "reading_minutes": round(len(words) / WORDS_A_MINUTE, 1),
        "frequent": [{"word": word, "count": count} for word, count in frequent],
    }


def count_sentences(text):
    """Stretches with at least one word in them, that end in a mark and a space, or with the text."""
    stretches = re.split(r"[.!?…]+[\"'”’)]*(?:\s+|$)", text)
    return sum(1 for stretch in stretches if re.search(r"\w", stretch))

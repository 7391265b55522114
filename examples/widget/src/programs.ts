/** What the demo's agent writes: small programs, some of them wrong. */
export const PROGRAMS: readonly string[] = [
  "print(sum(n * n for n in range(100_000)))",
  "print(10 / (3 - 3))",
  "import statistics\nprint(statistics.quantiles([3, 1, 4, 1, 5, 9, 2, 6], n=4))",
  "from fractions import Fraction\nprint(sum(Fraction(1, n) for n in range(1, 60)))",
  'import json\nprint(json.loads(\'{"city": "Seoul"}\')["temperature"])',
  "from datetime import date\nprint((date(2027, 1, 1) - date(2026, 1, 1)).days)",
  "primes = [n for n in range(2, 4_000) if all(n % d for d in range(2, int(n ** 0.5) + 1))]\nprint(len(primes))",
  "import re\nprint(re.findall(r'\\b\\w{9,}\\b', 'a sandboxed interpreter remembers everything'))",
  "raise ValueError('<b>markup</b> <img src=x onerror=alert(1)> stays text')",
];

const { readFileSync } = require("node:fs");

const { answer } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write("x".repeat(answer));

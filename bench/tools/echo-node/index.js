const { readFileSync } = require("node:fs");

console.log(JSON.parse(readFileSync(0, "utf8")).city);

// Amazon's own static validator (npm: apl-suggester) on documents: node tests/apl.js APL_SUGGESTER FILE…
// Prints what it finds as JSON, a list for each file.
"use strict";
console.warn = console.log = () => {}; // it tells of its own mixins there
const [folder, ...files] = process.argv.slice(2);
const { StaticAplTemplateValidator } = require(folder);
const { readFileSync } = require("fs");
const check = (file) => new StaticAplTemplateValidator().validate(JSON.parse(readFileSync(file, "utf8")));
Promise.all(files.map(check)).then((found) => process.stdout.write(JSON.stringify(found)));

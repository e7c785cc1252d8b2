// The payloads that each producer gets, as the bytes that are posted.
const fs = require('fs');
const path = require('path');
const folder = path.join(__dirname, '..', 'payloads');
exports.texts = fs.readdirSync(folder).sort().map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
exports.values = exports.texts.map((text) => JSON.parse(text));
exports.target = (name) => path.join(__dirname, '..', name);

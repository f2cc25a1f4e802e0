// SPDX-License-Identifier: Apache-2.0
// fasttext.wasm asks only: node peer_fasttext_wasm.mjs MODEL.bin TEST.txt
// where the model is one that Debian's fasttext trained and a row of TEST is `__label__X text`.
// prints {"accuracy", "queries_per_second", "bytes"}; the compiler's first second is not counted.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FastText } from 'fasttext.wasm';

const [modelFile, testFile] = process.argv.slice(2);
const core = new URL('./node_modules/fasttext.wasm/dist/core/fasttext.wasm', import.meta.url);
const fastText = await FastText.create({ wasmPath: fileURLToPath(core) });
fastText.loadModel(new Uint8Array(readFileSync(modelFile)));
const rows = readFileSync(testFile, 'utf8').split('\n').filter(Boolean).map((line) => {
  const space = line.indexOf(' ');
  return [line.slice(0, space), line.slice(space + 1)];
});

const ask = () => rows.filter(([label, text]) => fastText.predict(text, 1, 0).has(label)).length;
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const right = ask();
const begun = cpuSeconds();
let asked = 0;
while (cpuSeconds() - begun < 2) {
  ask();
  asked += rows.length;
}
console.log(
  JSON.stringify({
    accuracy: right / rows.length,
    queries_per_second: asked / (cpuSeconds() - begun),
    bytes: statSync(modelFile).size,
  }),
);

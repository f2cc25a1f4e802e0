// SPDX-License-Identifier: Apache-2.0
// node-nlp (NLP.js) at its default settings: node peer_node_nlp.mjs LANG TRAIN.tsv TEST.tsv
// prints {"accuracy", "train_seconds", "queries_per_second", "bytes"} of its best intent other than None.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { NlpManager } = createRequire(import.meta.url)('node-nlp');
const [language, trainFile, testFile] = process.argv.slice(2);
const rows = (file) =>
  readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => line.split('\t'));
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const manager = new NlpManager({
  languages: [language],
  autoSave: false,
  autoLoad: false,
  nlu: { log: false },
});
for (const [label, text] of rows(trainFile)) manager.addDocument(language, text, label);
let begun = cpuSeconds();
await manager.train();
const trainSeconds = cpuSeconds() - begun;

const test = rows(testFile);
let right = 0;
begun = cpuSeconds();
for (const [label, text] of test) {
  const { classifications } = await manager.process(language, text);
  const best = classifications.find((c) => c.intent !== 'None');
  right += best?.intent === label ? 1 : 0;
}
const asked = cpuSeconds() - begun;
console.log(
  JSON.stringify({
    accuracy: right / test.length,
    train_seconds: trainSeconds,
    queries_per_second: test.length / asked,
    bytes: Buffer.byteLength(manager.export(true)),
  }),
);

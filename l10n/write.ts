import { existsSync, writeFileSync } from 'node:fs';
import { allSaid, inProject, messages, textsIn } from './strings.ts';

/**
 * `npm run l10n`: writes what the sources say into bundle.l10n.json, brings the German bundle into the same order without what nobody
 * says any more, and names what is still to be translated.
 */
const ENGLISH = 'l10n/bundle.l10n.json';
const GERMAN = 'l10n/bundle.l10n.de.json';

const said = allSaid();
const english = messages(said);
const before = existsSync(inProject(GERMAN)) ? textsIn(GERMAN) : {};
write(ENGLISH, Object.fromEntries(english.map((message) => [message, message])));
write(
  GERMAN,
  Object.fromEntries(english.flatMap((message) => (message in before ? [[message, before[message]]] : []))),
);

const problems = [
  ...said.flatMap(({ message, place }) => (message === undefined ? [`${place}: write the text out in the call`] : [])),
  ...english.filter((message) => !(message in before)).map((message) => `not in ${GERMAN}: ${message}`),
];
for (const message of Object.keys(before)) if (!english.includes(message)) console.log(`taken out: ${message}`);
for (const problem of problems) console.error(problem);
console.log(`${english.length} texts`);
if (problems.length > 0) process.exitCode = 1;

function write(path: string, texts: Record<string, string>): void {
  writeFileSync(inProject(path), `${JSON.stringify(texts, null, 2)}\n`);
}

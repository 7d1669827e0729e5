/** `node test/lint/lint-english.ts [paths]`: checks prose against docs/contributing/plain-english.md. Exits with 1 if a rule is broken. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkEnglish, readEnglishRules } from './english-rules.ts';
import { type Passage, proseOfComments, proseOfMarkdown, proseOfTypeScript } from './prose.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rulesPage = 'docs/contributing/plain-english.md';
/** They quote what the rules forbid. */
const exempt = [rulesPage, 'test/lint/english.test.ts'];
const paths = process.argv.length > 2 ? process.argv.slice(2) : ['.'];

const proseOf = (file: string, text: string): Passage[] => {
  if (file.endsWith('.ts')) return proseOfTypeScript(file, text);
  if (file.endsWith('.md')) return proseOfMarkdown(text);
  return proseOfComments(text);
};

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...paths], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (file) => /\.(ts|md|ya?ml|sql)$/.test(file) && !exempt.includes(file) && !file.startsWith('test/diagnostics/'),
  );

const rules = readEnglishRules(readFileSync(`${root}/${rulesPage}`, 'utf8'));
let broken = 0;
for (const file of files) {
  for (const passage of proseOf(file, readFileSync(`${root}/${file}`, 'utf8'))) {
    for (const { line, message } of checkEnglish(passage, rules)) {
      console.error(`${file}:${line} ${message}`);
      broken += 1;
    }
  }
}
if (broken > 0) {
  console.error(`${broken} passages; the rules are in ${rulesPage}`);
  process.exitCode = 1;
}

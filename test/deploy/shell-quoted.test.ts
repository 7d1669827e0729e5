import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellQuoted } from '../../lib/deploy/schedule/shell-quoted.ts';

test.each(["it's", '{"a":"$HOME `id` \\ \\" !"}', "''", 'two\nlines'])('a shell reads %j as one word', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellQuoted(text)}`], { encoding: 'utf8' })).toBe(text);
});

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Limit, limits } from '../../lib/alerts/vendors/limits.ts';

const page = fileURLToPath(new URL('../../docs/alerts.md', import.meta.url));

const shown = ({ of, most, unit, source }: Limit): string => {
  const count = unit === 'bytes' && most % 1024 === 0 ? `${most / 1024} KiB` : `${most.toLocaleString('en')} ${unit}`;
  return `[${of}: ${count}](${source})`;
};

test('docs/alerts.md has the limits that the code keeps', () => {
  const rows = Object.entries(limits).map(([kind, table]: [string, Readonly<Record<string, Limit>>]) => {
    const list = Object.values(table).map(shown).join('; ');
    return `| \`${kind}\` | ${list || 'your receiver sets them; a message has at most 64 KiB'} |`;
  });
  const table = ['| destination | limits |', '| --- | --- |', ...rows].join('\n');
  const text = readFileSync(page, 'utf8');
  const place = /(<!-- table: limits -->\n\n)(.*?)(\n\n<!-- end -->)/s;
  expect(text).toMatch(place);
  if (process.env.UPDATE_DOCS) writeFileSync(page, text.replace(place, `$1${table.replaceAll('$', '$$$$')}$3`));
  else expect(place.exec(text)?.[2]).toBe(table);
});

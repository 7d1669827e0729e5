import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diagnosticCodes } from '../../lib/diagnostics/diagnostic-codes.ts';

const lib = new URL('../../lib/', import.meta.url);
const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('diagnostic-codes.ts'))
  .map((file) => readFileSync(new URL(file, lib), 'utf8'))
  .join('\n');

test.each(Object.keys(diagnosticCodes))('%s is given somewhere', (code) => expect(sources).toContain(`'${code}'`));

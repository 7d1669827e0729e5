import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';

/** A folder with these files; handlers in it find packages where Daybreak's own are. */
export function projectOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'daybreak-project-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** A report for tests in which nothing may be reported. */
export function refuse(diagnostic: Diagnostic): never {
  throw new Error(`${diagnostic.code} ${diagnostic.message}`);
}

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';

/** Creates a folder with these files; its handlers find the packages of Daybreak. */
export function projectOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'daybreak-project-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** A report for tests in which no diagnostic is allowed. */
export function refuse(diagnostic: Diagnostic): never {
  throw new Error(`${diagnostic.code} ${diagnostic.message}`);
}

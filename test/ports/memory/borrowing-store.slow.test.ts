import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { BorrowingStore } from '../../../lib/ports/borrowing-store.ts';
import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { describeObjectStore } from '../object-store.conformance.ts';

const scratch = join(tmpdir(), `daybreak-borrowing-suite-${process.pid}`);
afterAll(() => rm(scratch, { recursive: true, force: true }));

describeObjectStore(
  'BorrowingStore',
  async () => new BorrowingStore(new MemoryObjectStore(), async () => new MemoryObjectStore(), scratch),
);

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderObjectStore } from '../../lib/ports/folder-object-store.ts';
import { describeObjectStore } from './object-store.conformance.ts';

describeObjectStore(
  'FolderObjectStore',
  async () => new FolderObjectStore(await mkdtemp(join(tmpdir(), 'daybreak-store-'))),
);

import { FolderObjectStore } from '../../lib/ports/folder-object-store.ts';
import { newFolder } from './new-folder.ts';
import { describeObjectStore } from './object-store.conformance.ts';

describeObjectStore('FolderObjectStore', async () => new FolderObjectStore(await newFolder()));

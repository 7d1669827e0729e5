import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';
import { describeObjectStore } from '../object-store.conformance.ts';
import { newFolder } from './new-folder.ts';

describeObjectStore('FolderObjectStore', async () => new FolderObjectStore(await newFolder()));

import { MemoryObjectStore } from '../../../lib/ports/memory/memory-object-store.ts';
import { PrefixedStore } from '../../../lib/ports/prefixed-store.ts';
import { describeObjectStore } from '../object-store.conformance.ts';

describeObjectStore('PrefixedStore', async () => new PrefixedStore(new MemoryObjectStore(), 'team/data/'));

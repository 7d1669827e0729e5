import type { Entry, Mapping, Tree } from './tree.ts';

/** One value over another: mappings key by key, everything else replaced. Each value keeps the place that set it. */
const mergeTrees = (under: Tree, over: Tree): Tree =>
  under.kind === 'map' && over.kind === 'map' ? mergeMappings(under, over) : over;

/** One mapping over another, deeply. The result stands where the lower one stands. */
export function mergeMappings(under: Mapping, over: Mapping): Mapping {
  if (over.entries.size === 0) return under;
  const entries = new Map<string, Entry>(under.entries);
  for (const [name, entry] of over.entries) {
    const there = entries.get(name);
    entries.set(name, there ? { ...entry, value: mergeTrees(there.value, entry.value) } : entry);
  }
  return { ...under, entries };
}

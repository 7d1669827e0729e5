import type { Catalog, CatalogTable } from '../../lib/ports/ports.ts';

/** A catalog with Glue's rules: a table is replaced only by a writer who knows its version. */
export class MemoryCatalog implements Catalog {
  readonly tables = new Map<string, CatalogTable & { readonly version: string }>();
  /** Every state of every table that a reader could see. */
  readonly seen: (CatalogTable | null)[] = [];
  #versions = 0;

  async find(name: string): ReturnType<Catalog['find']> {
    const found = this.tables.get(name);
    return found ? { version: found.version, parameters: found.parameters } : null;
  }

  async put(table: CatalogTable, version: string | null): Promise<boolean> {
    if ((this.tables.get(table.name)?.version ?? null) !== version) return false;
    this.tables.set(table.name, { ...table, version: String(++this.#versions) });
    this.seen.push(table);
    return true;
  }

  async remove(name: string): Promise<void> {
    this.tables.delete(name);
    this.seen.push(null);
  }
}

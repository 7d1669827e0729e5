import { PermanentError } from '../contract/errors.ts';
import { foldName } from './sql-place.ts';

interface Named {
  readonly step: string;
  readonly dataset: string;
}

/** Names that DuckDB takes for catalogs or schemas of its own. */
const reserved = ['information_schema', 'memory', 'pg_catalog', 'system', 'temp'];

/** The names of one session's views. DuckDB does not tell upper from lower case, so two datasets that differ in nothing else cannot both be read. */
export class ViewNames {
  readonly #known = new Map<string, string>();

  /** Takes a name that is new, or the same again; throws a PermanentError for one that SQL could not tell from another. */
  add({ step, dataset }: Named): void {
    const written = `"${step}"."${dataset}"`;
    if (reserved.includes(foldName(step))) {
      throw new PermanentError(
        `SQL cannot read ${written}: "${step}" is a name of DuckDB's own; give the step another name`,
      );
    }
    const other = this.#known.get(foldName(written));
    if (other !== undefined && other !== written) {
      throw new PermanentError(
        `SQL cannot tell ${written} from ${other}: upper and lower case are the same to it; rename one`,
      );
    }
    this.#known.set(foldName(written), written);
  }
}

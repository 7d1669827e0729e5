import { PermanentError } from '../contract/errors.ts';
import { foldName } from './guard/sql-position.ts';

interface Named {
  readonly step: string;
  readonly dataset: string;
}

interface View extends Named {
  readonly files: readonly string[];
}

const render = ({ step, dataset }: Named): string => `"${step}"."${dataset}"`;

/** Names that DuckDB reserves for its catalogs or schemas. */
const reserved = ['information_schema', 'memory', 'pg_catalog', 'system', 'temp'];

/** One session's views by name. DuckDB ignores case, so it cannot read two datasets whose names differ only in case. */
export class ViewNames {
  readonly #known = new Map<string, View>();

  /** Adds a new name, or the same view again. Throws a PermanentError if SQL cannot tell the name from another. */
  add(view: View): void {
    const { step } = view;
    const written = render(view);
    if (reserved.includes(foldName(step))) {
      throw new PermanentError(
        `SQL cannot read ${written}: "${step}" is a name of DuckDB's own; give the step another name`,
      );
    }
    const known = this.#known.get(foldName(written));
    const other = known === undefined ? written : render(known);
    if (other !== written) {
      throw new PermanentError(`SQL cannot distinguish ${written} and ${other}: it ignores case; rename one`);
    }
    this.#known.set(foldName(written), view);
  }

  /** Returns the files behind the named views. */
  filesOf(names: readonly Named[]): string[] {
    return names.flatMap((name) => this.#known.get(foldName(render(name)))?.files ?? []);
  }
}

import type { SqlQueries } from '../../lib/contract/sql-queries.ts';
import { defineSqlStep } from '../../lib/runtime/define-sql-step.ts';

/** An SQL step wherever its code is not bundled: the queries come as a variable. On Lambda, which has no room for that, they are in the bundle. */
export const handler = defineSqlStep(JSON.parse(process.env.DAYBREAK_SQL ?? '') as SqlQueries);

import type pg from 'pg';
import { PermanentError, RetryableError } from '../../../contract/errors.ts';
import { countArrived } from './count-arrived.ts';
import type { Merge } from './merge.ts';
import type { TargetTable } from './target-table.ts';

/**
 * Moves the staged rows and counts those that arrived: a trigger, a rule or a policy can silently leave rows out. A difference is an error, which rolls the
 * whole load back.
 */
export async function moveRows(
  client: pg.Client,
  table: TargetTable,
  how: Merge & { readonly staged: number; readonly cascade: boolean },
): Promise<void> {
  const { mode, target, staged, cascade } = how;
  if (mode === 'replace' && !cascade && table.cascades.length > 0)
    throw new PermanentError(
      `a replace deletes all rows of ${target}, and with them rows or values of ${table.cascades.join(', ')}: use mode "upsert", or write cascade: true if that is meant`,
    );
  if (mode === 'replace' && table.hidesRows)
    throw new PermanentError(
      `row security hides rows of ${target} from this role, so that a replace could leave others: use a role with BYPASSRLS, or mode "upsert"`,
    );
  const arrived = await countArrived(client, table, how);
  if (arrived === staged) return;
  const rows = `${staged} rows were staged, and ${arrived} of them arrived in ${target}`;
  if (arrived < staged || table.helpers.length > 0)
    throw new PermanentError(`${rows}; nothing was loaded. ${likelyReason(table)}`);
  throw new RetryableError(
    `${staged} rows were staged, and ${target} has ${arrived}: another program wrote at the same time; nothing was loaded`,
  );
}

const likelyReason = ({ helpers, kind }: TargetTable): string => {
  if (helpers.length > 0) return `The table has ${helpers.join(', ')}, which may leave rows out or write others.`;
  return kind === 'v'
    ? 'It is a view, whose condition may hide rows.'
    : 'A trigger of a table below may leave rows out.';
};

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '../../contract/errors.ts';
import { type AlertSettings, alertsFile } from '../../contract/events/alert-settings.ts';
import type { Environment } from '../../ports/aws/aws-client-settings.ts';

/** The alert settings beside the code of this process's function. The compiler wrote them. */
export async function readAlertSettings({ LAMBDA_TASK_ROOT: root }: Environment): Promise<AlertSettings> {
  if (!root) throw new PermanentError(`LAMBDA_TASK_ROOT is not set: its folder has the file ${alertsFile}`);
  return JSON.parse(await readFile(join(root, alertsFile), 'utf8')) as AlertSettings;
}

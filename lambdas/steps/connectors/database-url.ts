import { PermanentError } from 'daybreak';

/**
 * The address of the orders database: the variable DATABASE_URL, which offline sources and tests set, else the step's secret `database_url`.
 * A connection string holds a password, so on AWS it stays out of the function's environment.
 */
export async function databaseUrl(step: { secret(name: string): Promise<string> }): Promise<string> {
  const url = process.env.DATABASE_URL || (await step.secret('database_url'));
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw new PermanentError('DATABASE_URL must begin with postgres:// or postgresql://');
  return url;
}

import { PermanentError } from 'daybreak';

/**
 * Where the orders database is: the variable DATABASE_URL, which offline sources and tests set, else the step's secret `database_url`
 * (a connection string holds a password, so that on AWS it does not stand in a function's environment).
 */
export async function databaseUrl(step: { secret(name: string): Promise<string> }): Promise<string> {
  const url = process.env.DATABASE_URL || (await step.secret('database_url'));
  if (!/^postgres(?:ql)?:\/\//.test(url))
    throw new PermanentError('DATABASE_URL must begin with postgres:// or postgresql://');
  return url;
}

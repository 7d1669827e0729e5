/** Secrets that a template declares for a step: from Secrets Manager or Parameter Store in AWS, from variables offline. */
import * as z from 'zod/mini';
import { PermanentError, PlatformError } from '../../contract/errors.ts';
import type { Clock } from '../../ports/ports.ts';

/** Reads declared secrets by the name that the template gives them. */
export interface Secrets {
  read(name: string): Promise<string>;
}

const declarations = z.record(z.string(), z.object({ service: z.enum(['secretsmanager', 'ssm']), id: z.string() }));
type Source = z.infer<typeof declarations>[string];

type Environment = Readonly<Record<string, string | undefined>>;

/** A warm function sees a rotated secret after five minutes at most; reading one for every invocation would cost more than the invocation. */
const freshFor = 5 * 60_000;

/** The variable that stands for a secret offline. */
export function secretVariable(name: string): string {
  return `DAYBREAK_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;
}

/** The secrets of `DAYBREAK_SECRETS`. `DAYBREAK_SECRET_<NAME>` stands for one where no AWS service does: offline, where it must be set, and in tests of a deployed machine. */
export function secretsFromEnvironment(
  env: Environment,
  clock: Clock,
  fetchSecret = (source: Source) => readSecretFromAws(source),
): Secrets {
  const declared = parseDeclarations(env.DAYBREAK_SECRETS);
  const offline = env.DAYBREAK_STORE?.startsWith('file:') ?? false;
  const cache = new Map<string, { readonly value: string; readonly readAt: number }>();
  const fetchValue = async (name: string, source: Source): Promise<string> => {
    const variable = secretVariable(name);
    const value = env[variable];
    if (value !== undefined) return value;
    if (!offline) return fetchSecret(source);
    throw new PermanentError(`the secret "${name}" is read from ${variable} offline, which is not set`);
  };
  return {
    async read(name) {
      const source = Object.hasOwn(declared, name) ? declared[name] : undefined;
      if (!source) {
        const known = Object.keys(declared).join(', ') || 'none';
        throw new PermanentError(`the secret "${name}" is not declared under "secrets"; declared: ${known}`);
      }
      const cached = cache.get(name);
      if (cached && clock.now() - cached.readAt < freshFor) return cached.value;
      const value = await fetchValue(name, source);
      cache.set(name, { value, readAt: clock.now() });
      return value;
    },
  };
}

function parseDeclarations(text: string | undefined): z.infer<typeof declarations> {
  if (!text) return {};
  try {
    return declarations.parse(JSON.parse(text));
  } catch (error) {
    throw new PermanentError(
      'DAYBREAK_SECRETS is not {"<name>": {"service": "secretsmanager" or "ssm", "id": "..."}}',
      {
        cause: error,
      },
    );
  }
}

/** Errors with which AWS says that asking again cannot help: the secret or the right to read it is missing. */
const permanent =
  /^(ResourceNotFound|ParameterNotFound|ParameterVersionNotFound|AccessDenied|InvalidParameter|InvalidRequest|Validation|DecryptionFailure|InvalidKeyId)/;

/** Reads a secret from the service that keeps it. Throws PermanentError if asking again cannot help, else PlatformError; both name the location and never the value. */
export async function readSecretFromAws({ service, id }: Source, env: Environment = process.env): Promise<string> {
  try {
    const value =
      service === 'ssm'
        ? await (await import('./read-parameter.ts')).readParameter(id, env)
        : await (await import('./read-secret.ts')).readSecret(id, env);
    if (value === undefined) throw new PermanentError(`the ${service} secret ${id} has no text value`);
    return value;
  } catch (error) {
    if (error instanceof PermanentError) throw error;
    const name = error instanceof Error ? error.name : 'Error';
    const message = `the ${service} secret ${id} cannot be read: ${name}`;
    throw permanent.test(name) ? new PermanentError(message) : new PlatformError(message);
  }
}

import { PermanentError } from '../../contract/errors.ts';

/** Refuses an effect outside of the store in a trial that must not have any: its data may be that of production. `effect` is what would happen, for people. */
export function checkMaySend(
  { trial }: { readonly trial?: { readonly of: string | null; readonly sends?: boolean | undefined } | undefined },
  effect: string,
): void {
  if (!trial || trial.sends) return;
  throw new PermanentError(
    `${effect} was not done: this run is a fork of ${trial.of}, and a fork sends nothing. To let it send, check the addresses and secrets that it would use here, and fork again with --send`,
  );
}

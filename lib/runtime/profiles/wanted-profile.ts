import { otherDatasets } from '../../contract/profiles/profile-settings.ts';
import type { StepSpec } from '../../contract/step-spec.ts';

/** The setting of a dataset's profile; null if it gets none. */
export function wantedProfile({ profiles = {} }: Pick<StepSpec, 'profiles'>, dataset: string) {
  const name = Object.hasOwn(profiles, dataset) ? dataset : otherDatasets;
  return Object.hasOwn(profiles, name) ? (profiles[name] ?? null) : null;
}

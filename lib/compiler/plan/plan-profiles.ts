import { otherDatasets, type ProfileSettings } from '../../contract/profiles/profile-settings.ts';
import type { ProfileTemplate } from '../template/keys/read-profile.ts';
import type { StepTemplate, Template } from '../template/template.ts';

/**
 * The profiles that a step makes. A dataset's own setting goes first, then that of the pipeline. Without both, datasets have one if someone relies on their data: if they are checked or
 * published.
 */
export function planProfiles(
  step: StepTemplate,
  { profile, publish }: Pick<Template, 'profile' | 'publish'>,
): ProfileSettings {
  const settings = new Map<string, ProfileSettings[string]>();
  for (const [name, { checks, profile: own }] of Object.entries(step.outputs ?? {})) {
    const wanted = own ?? profile;
    if (wanted !== null) settings.set(name, settingOf(wanted));
    else if (checks.length > 0) settings.set(name, { top_values: true });
  }
  for (const { step: publisher, dataset } of publish?.datasets ?? []) {
    if (publisher === step.name && profile === null && !settings.has(dataset))
      settings.set(dataset, { top_values: true });
  }
  if (profile?.on) settings.set(otherDatasets, settingOf(profile));
  return Object.fromEntries([...settings].sort());
}

const settingOf = ({ on, topValues }: ProfileTemplate): ProfileSettings[string] =>
  on ? { top_values: topValues } : null;

import { createHash } from 'node:crypto';
import { clip } from '../text/clip.ts';

/** The key by which a vendor joins the messages of an incident. A key that is longer than `most` keeps `begins` characters for people and becomes unique by its digest. */
export function joiningKey(
  incident: string,
  { most, begins }: { readonly most: number; readonly begins: number },
): string {
  if (incident.length <= most) return incident;
  return `${clip(incident, begins)}${createHash('sha256').update(incident).digest('hex')}`;
}

import { PlatformError } from '../../contract/errors.ts';
import { awsFault, faultStatus } from './aws-faults.ts';

/** The permission that each kind of request needs. */
const permissions = {
  'cannot read': 's3:GetObject',
  'cannot write': 's3:PutObject',
  'cannot delete': 's3:DeleteObject',
} as const;

/** Converts S3's fault into a PlatformError. For a denial it names the permissions to grant, because S3 does not. */
export function s3Fault(error: unknown, doing: keyof typeof permissions, url: string): PlatformError {
  if (faultStatus(error) !== 403) return awsFault(error, `${doing} ${url}`);
  // Without s3:ListBucket S3 answers 403 instead of 404 for a missing key. To read that as "absent" would hide a role that cannot read at all.
  const list = doing === 'cannot read' ? ' and s3:ListBucket (without it S3 denies a missing key too)' : '';
  return new PlatformError(
    `${doing} ${url}: S3 denied it (HTTP 403): the role needs ${permissions[doing]}${list} on this bucket`,
    { cause: error },
  );
}

import type { DatasetEntry, DatasetSoFar } from '../../contract/records/dataset.ts';
import { contentDigest } from './content-digest.ts';

/** Returns the manifest's entry for a complete dataset. */
export function entryOf({ columns, rows, content, parts }: DatasetSoFar): DatasetEntry {
  return {
    columns,
    format: 'parquet',
    rows,
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    content_digest: contentDigest(columns, rows, content),
    parts,
  };
}

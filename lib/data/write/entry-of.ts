import type { DatasetEntry, DatasetSoFar } from '../../contract/records.ts';
import { contentDigest } from './content-digest.ts';

/** What a manifest says of a dataset of which nothing is missing any more. */
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

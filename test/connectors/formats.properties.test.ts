import { test } from 'vitest';
import { checkFormats } from './explore-formats.ts';

test('rows of every column type are the same behind a dataset, a query and a file of each format', () =>
  checkFormats(1));

import { describe, test } from 'vitest';
import { checkChangingRows, checkPassingFaults, checkWrongAnswers } from './explore-pages.ts';

describe('rows of an API that plays faults', () => {
  test('arrive once and exactly, however often it fails', () => checkPassingFaults(25));

  test('arrive once and exactly, or not at all, when its answers are wrong', () => checkWrongAnswers(50));

  test('arrive once, or not at all, while rows come and go', () => checkChangingRows(40));
});

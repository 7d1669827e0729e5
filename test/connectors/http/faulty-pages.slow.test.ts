import { describe, test } from 'vitest';
import { checkChangingRows, checkPassingFaults, checkWrongAnswers } from './explore-pages.ts';

describe('rows of an API that plays faults, at length', () => {
  test('arrive once and exactly, however often it fails', () => checkPassingFaults(400));

  test('arrive once and exactly, or not at all, when its answers are wrong', () => checkWrongAnswers(1500));

  test('arrive once, or not at all, while rows come and go', () => checkChangingRows(800));
});

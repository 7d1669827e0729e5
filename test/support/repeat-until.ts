/**
 * Repeats a round of random samples until they have shown what a test must see, at most 20 times. A single small round may miss a rare case by chance.
 * The test asserts afterwards what it must have seen, so a case that never comes still fails it.
 */
export async function repeatUntil(hasSeenEnough: () => boolean, round: () => unknown): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds++) {
    await round();
    if (hasSeenEnough()) return;
  }
}

/** One test, or one check step, and how it ended. */
export interface Outcome {
  readonly name: string;
  readonly durationMs: number;
  /** Why it failed; absent when it passed. */
  readonly error?: string;
}

/** Counts what passed and failed over all levels, and shows each as it ends. */
export class Tally {
  private passed = 0;
  private failed = 0;
  private readonly failures: string[] = [];

  add(level: string, { name, durationMs, error }: Outcome): void {
    const time = durationMs >= 1000 ? ` (${(durationMs / 1000).toFixed(1)} s)` : '';
    if (error === undefined) {
      this.passed += 1;
      console.log(`  ✔ ${name}${time}`);
      return;
    }
    this.failed += 1;
    this.failures.push(`${level}: ${name}`);
    console.log(`  ✖ ${name}${time}\n${error.replaceAll(/^/gm, '      ')}`);
  }

  /** A test that says of itself that it does not apply here; it counts neither way. */
  skip(name: string): void {
    console.log(`  – ${name} (skipped)`);
  }

  /** Names what failed once more and ends with the line that counts. */
  finish(): boolean {
    if (this.failures.length > 0) console.log(`\nFailed:\n${this.failures.map((name) => `  ✖ ${name}`).join('\n')}`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0;
  }

  /** How many tests were counted so far. */
  get total(): number {
    return this.passed + this.failed;
  }
}

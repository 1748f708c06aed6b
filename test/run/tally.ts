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
  private skipped = 0;
  private readonly shortened: string[] = [];
  private readonly totals = new Map<string, number>();

  add(level: string, { name, durationMs, error }: Outcome): void {
    this.totals.set(level, this.totalOf(level) + 1);
    const time = durationMs >= 1000 ? ` (${(durationMs / 1000).toFixed(1)} s)` : '';
    if (error === undefined) {
      this.passed += 1;
      console.log(`  ✔ ${level}: ${name}${time}`);
      return;
    }
    this.failed += 1;
    this.failures.push(`${level}: ${name}`);
    console.log(`  ✖ ${level}: ${name}${time}\n${error.replaceAll(/^/gm, '      ')}`);
  }

  /** A test that does not apply here, or is left to the long run; it counts neither way. */
  skip(name: string): void {
    this.skipped += 1;
    console.log(`  – ${name} (skipped)`);
  }

  /** Some test did less than it can. */
  shorten(what: string): void {
    this.shortened.push(what);
  }

  /** Names what failed once more and ends with the line that counts. */
  finish(): boolean {
    if (this.shortened.length > 0) {
      console.log(`\nShortened (npm run test:long does all): ${this.shortened.join('; ')}.`);
    }
    if (this.skipped > 0) console.log(`\nSkipped: ${this.skipped} tests, each with a – above.`);
    if (this.failures.length > 0) console.log(`\nFailed:\n${this.failures.map((name) => `  ✖ ${name}`).join('\n')}`);
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0;
  }

  /** How many tests of a level were counted so far. */
  totalOf(level: string): number {
    return this.totals.get(level) ?? 0;
  }
}

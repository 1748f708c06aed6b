import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, rmdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../../../src/common/inputError.ts';
import { STALE_MS } from '../../../../src/runs/disk/liveOwner.ts';
import {
  acquire,
  describeHolder,
  describeOwner,
  holderOf,
  isHeld,
  type Owner,
  ownerOf,
  type RunLock,
  takeOver,
  thisOwner,
} from '../../../../src/runs/disk/lock.ts';
import { amount, longTest } from '../../../run/amount.ts';

const ELSEWHERE = { pid: 7, host: 'elsewhere', window: 'headless form', token: 'a', place: 'elsewhere' };
const CONTENDER = fileURLToPath(new URL('lockContender.ts', import.meta.url));
const ME = thisOwner('VS Code window');

let root: string;
let folder: string;
let runs = 0;
const held: RunLock[] = [];
const contenders: Contender[] = [];
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'rnn-locks-'));
});
beforeEach(async () => {
  folder = join(root, `run-${runs++}`);
  await mkdir(folder);
});
afterEach(async () => {
  for (const lock of held.splice(0)) lock.dispose();
  for (const contender of contenders.splice(0)) await contender.kill();
});
after(() => rm(root, { recursive: true }));

async function won(onLost?: () => void): Promise<RunLock> {
  const result = await acquire(folder, ME, onLost);
  assert.ok(!isHeld(result), 'the folder is free');
  held.push(result);
  return result;
}

async function holder(): Promise<Owner | undefined> {
  const result = await acquire(folder, ME);
  return isHeld(result) ? result.heldBy : undefined;
}

/** The lock of another machine, whose last heartbeat was so long ago. */
async function lockedElsewhere(agoMs: number): Promise<void> {
  await mkdir(join(folder, 'lock'));
  await writeFile(join(folder, 'owner.json'), JSON.stringify(ELSEWHERE));
  const beat = new Date(Date.now() - agoMs);
  await utimes(join(folder, 'lock'), beat, beat);
}

/** How often two want a lock at once. */
const ROUNDS = amount(50, 20, 'races for a lock');

class Contender {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly pid: number;

  constructor() {
    this.#process = spawn(process.execPath, [CONTENDER], { stdio: ['pipe', 'pipe', 'inherit'] });
    assert.ok(this.#process.stdout && this.#process.pid !== undefined);
    this.pid = this.#process.pid;
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
    contenders.push(this);
  }

  async tell(line: string): Promise<string> {
    this.#process.stdin?.write(`${line}\n`);
    const answer = await this.#lines.next();
    return answer.done === true ? 'gone' : answer.value;
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }
}

suite('the lock of a run', () => {
  test('has one owner, of whom everybody hears, until it is released', async () => {
    assert.equal(await ownerOf(folder), undefined);
    const lock = await won();
    assert.deepEqual(await ownerOf(folder), ME);
    assert.deepEqual(await holder(), ME);
    assert.ok(await lock.isOurs());
    await lock.release();
    assert.equal(await ownerOf(folder), undefined);
    assert.ok(!(await lock.isOurs()));
    assert.deepEqual(await readdir(folder), []);
    const next = await won();
    next.dispose();
    assert.deepEqual(await readdir(folder), []);
  });

  test('of two that want it at once, exactly one gets it, every time', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      // An owner that is gone is a harder case than none: it has to be cleared away first.
      if (round % 2 === 1) await lockedElsewhere(STALE_MS + 1000);
      const results = await Promise.all([acquire(folder, ME), acquire(folder, ME)]);
      const locks = results.filter((result): result is RunLock => !isHeld(result));
      assert.equal(locks.length, 1, `round ${round}`);
      await locks[0].release();
    }
  });

  test('of two processes that want it at once, exactly one gets it, also where a dead owner left it', async () => {
    const [one, other] = [new Contender(), new Contender()];
    for (let round = 0; round < ROUNDS; round++) {
      if (round % 2 === 1) await lockedElsewhere(STALE_MS + 1000);
      const answers = await Promise.all([one.tell(folder), other.tell(folder)]);
      assert.deepEqual(answers.toSorted(), ['held', 'won'], `round ${round}`);
      assert.equal(await (answers[0] === 'won' ? one : other).tell('release'), 'released');
    }
  });

  test('of a process that was killed is free at once', async () => {
    const other = new Contender();
    assert.equal(await other.tell(folder), 'won');
    assert.equal((await ownerOf(folder))?.pid, other.pid);
    assert.ok(isHeld(await acquire(folder, ME)));
    await other.kill();
    assert.ok((await readdir(folder)).includes('lock'), 'the dead left its lock');
    assert.equal(await ownerOf(folder), undefined);
    const lock = await won();
    assert.ok(await lock.isOurs());
  });

  longTest(
    'of a machine whose clock is hours ahead is held while its heart beats, and free once it stands still',
    async () => {
      const hoursMs = 2 * 3600 * 1000;
      await lockedElsewhere(-hoursMs);
      const owner = { pid: 7, host: 'elsewhere', window: 'headless form' };
      assert.deepEqual(await ownerOf(folder), owner);
      const beating = setInterval(() => {
        const now = new Date(Date.now() + hoursMs);
        void utimes(join(folder, 'lock'), now, now);
      }, 1000);
      assert.deepEqual(await holder(), owner);
      clearInterval(beating);
      const lock = await won();
      assert.ok(await lock.isOurs());
    },
  );

  test('of another machine holds as long as its heart beats, whatever its process number means here', async () => {
    await lockedElsewhere(STALE_MS - 5000);
    const owner = { pid: 7, host: 'elsewhere', window: 'headless form' };
    assert.deepEqual(await ownerOf(folder), owner);
    assert.deepEqual(await holder(), owner);
    assert.equal(describeOwner(owner), 'headless form on elsewhere (process 7)');
    await rmdir(join(folder, 'lock'));
    await lockedElsewhere(STALE_MS + 1000);
    assert.equal(await ownerOf(folder), undefined);
    await won();
    assert.deepEqual(await ownerOf(folder), ME);
  });

  test('whose owner cannot be read has an owner all the same', async () => {
    await lockedElsewhere(0);
    for (const content of ['', '{}', '{"pid": 0}', JSON.stringify({ ...ELSEWHERE, pid: -1 }), 'x'.repeat(100_000)]) {
      await writeFile(join(folder, 'owner.json'), content);
      const owner = await ownerOf(folder);
      assert.ok(owner, content.slice(0, 40));
      assert.equal(describeOwner(owner), 'owner of its lock');
    }
  });

  test('that somebody else took over is told to be lost, once, and is not removed by who lost it', async () => {
    let losses = 0;
    const lost = Promise.withResolvers<undefined>();
    const lock = await won(() => {
      losses++;
      lost.resolve(undefined);
    });
    // What another one does that finds no heartbeat.
    await rmdir(join(folder, 'lock'));
    await lockedElsewhere(0);
    assert.ok(!(await lock.isOurs()), 'the disk tells it before the next heartbeat does');
    await lost.promise;
    assert.ok(!(await lock.isOurs()));
    await lock.release();
    lock.dispose();
    assert.equal(losses, 1);
    assert.deepEqual((await readdir(folder)).toSorted(), ['lock', 'owner.json']);
  });

  test('that somebody else took over is left alone also by a release before the next heartbeat', async () => {
    const releases: ((lock: RunLock) => Promise<void>)[] = [
      (lock) => lock.release(),
      async (lock) => {
        await Promise.resolve();
        lock.dispose();
      },
    ];
    for (const release of releases) {
      const lock = await won(() => assert.fail('it was released'));
      await rmdir(join(folder, 'lock'));
      await lockedElsewhere(0);
      await release(lock);
      assert.deepEqual(JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8')), ELSEWHERE);
      assert.ok((await readdir(folder)).includes('lock'));
      await rmdir(join(folder, 'lock'));
    }
  });

  test('says who holds it and when that program last showed life, as far as this clock can tell', async () => {
    await lockedElsewhere(7000);
    const quiet = await holderOf(folder);
    assert.ok(quiet);
    assert.match(
      describeHolder(quiet),
      /^headless form on elsewhere \(process 7\), which showed life (7|8|9) seconds ago$/,
    );
    const now = new Date();
    await utimes(join(folder, 'lock'), now, now);
    const lively = await holderOf(folder);
    assert.match(lively ? describeHolder(lively) : '', /showed life .* ago.* and is most likely at work$/);
    const ahead = new Date(Date.now() + 3600_000);
    await utimes(join(folder, 'lock'), ahead, ahead);
    const unknown = await holderOf(folder);
    assert.match(unknown ? describeHolder(unknown) : '', /whose clock is ahead .* cannot be said/);
    const later = new Date(Date.now() + 3_602_000);
    await utimes(join(folder, 'lock'), later, later);
    const beating = await holderOf(folder);
    assert.match(
      beating ? describeHolder(beating) : '',
      /showed life a second ago or less and is most likely at work$/,
    );
  });

  test('is taken over from a living owner where a person says so: it hears of it and writes nothing any more', async () => {
    const lost = Promise.withResolvers<undefined>();
    const before = await won(() => lost.resolve(undefined));
    const other = { ...ME, window: 'headless form' };
    const taken = await takeOver(folder, other);
    held.push(taken);
    await lost.promise;
    assert.ok(!(await before.isOurs()));
    await before.release();
    assert.ok(await taken.isOurs(), 'whoever lost it leaves it alone');
    assert.deepEqual(await ownerOf(folder), other);
  });

  test('is taken over from a process of its own, and from a machine whose clock is ahead', async () => {
    const contender = new Contender();
    assert.equal(await contender.tell(folder), 'won');
    const taken = await takeOver(folder, ME);
    held.push(taken);
    assert.equal((await ownerOf(folder))?.pid, process.pid);
    assert.equal(await contender.tell('release'), 'released');
    assert.ok(await taken.isOurs());
    await taken.release();
    await lockedElsewhere(-3600_000);
    held.push(await takeOver(folder, ME));
    assert.deepEqual(await ownerOf(folder), ME);
  });

  test('of a folder that is not there, or not writable, is an error that names the folder and says why', async () => {
    await assert.rejects(acquire(join(folder, 'nothing'), ME), (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /nothing cannot be locked: there is no such file or folder\./);
      return true;
    });
    if (process.platform === 'win32' || process.getuid?.() === 0) return;
    await chmod(folder, 0o500);
    await assert.rejects(acquire(folder, ME), /access is denied/);
  });
});

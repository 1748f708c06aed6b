import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../src/host/session/session.ts';
import type { RunSettings } from '../../src/protocol/settings.ts';
import { sampleText } from '../../src/text/sampleText.ts';
import { SETTINGS, source, until, workerPath } from './sessions.ts';

suite('The study of a session', () => {
  const sessions: Session[] = [];
  let folder: string;
  suiteSetup(async () => (folder = await mkdtemp(join(tmpdir(), 'rnn-study-'))));
  suiteTeardown(() => rm(folder, { recursive: true }));
  teardown(() => {
    for (const session of sessions.splice(0)) session.dispose();
  });

  function start(settings: Partial<RunSettings> = {}): Session {
    const all = { ...SETTINGS, maxEpochs: 10_000, ...settings };
    const session = Session.start(source(sampleText()), all, workerPath(), join(folder, 'cache'));
    sessions.push(session);
    return session;
  }

  const results = (session: Session) => session.study.results;

  test('fits the baselines by itself, in the background', async () => {
    const session = start();
    await until(session, () => results(session).baselines?.progress === 1);
    const { ngramNats, uniformNats, orders } = results(session).baselines ?? assert.fail();
    assert.equal(ngramNats.length, orders);
    assert.ok(ngramNats[2] < ngramNats[0] && ngramNats[0] < uniformNats);
  });

  test('looks into nothing before a panel shows it, then follows training', async () => {
    const session = start();
    await until(session, () => session.history.iterations > 100);
    assert.equal(results(session).tape, undefined);
    session.study.watch({ tab: 'steps', stream: 2, reading: null });
    await until(session, () => results(session).tape !== undefined);
    const first = results(session).tape ?? assert.fail();
    assert.equal(first.stream, 2);
    await until(session, () => (results(session).tape?.iteration ?? 0) > first.iteration);
  });

  test('stays at the window that a person reads, with every number of it, while training goes on', async () => {
    const session = start();
    session.study.watch({ tab: 'steps', stream: 0, reading: null });
    await until(session, () => results(session).tape !== undefined);
    const { iteration } = results(session).tape ?? assert.fail();
    session.study.watch({ tab: 'steps', stream: 0, reading: iteration });
    await until(session, () => session.history.iterations > iteration + 500);
    const detail = await session.study.ask('stepDetail', { iteration, stream: 0, t: 5 });
    assert.equal(detail.lossNats, results(session).tape?.lossNats[5]);
    // Another stream is of the same window.
    session.study.watch({ tab: 'steps', stream: 3, reading: iteration });
    await until(session, () => results(session).tape?.stream === 3);
    assert.equal(results(session).tape?.iteration, iteration);
  });

  test('of a paused run is the iteration that comes next, and every step gives a new one', async () => {
    const session = start();
    session.study.watch({ tab: 'memory', stream: 0, reading: null });
    await until(session, () => session.history.iterations > 50);
    session.control('pause');
    await until(session, () => session.status.state === 'paused');
    const { iterations } = session.history;
    const isAt = (at: number) => () =>
      results(session).tape?.iteration === at &&
      results(session).memory?.iteration === at &&
      results(session).spectrum?.iteration === at;
    await until(session, isAt(iterations));
    session.control('step');
    await until(session, isAt(iterations + 1));
    assert.equal(session.history.of('memoryPoint').at(-1)?.iteration, iterations + 1);
  });

  test('goes on when the run is over, with the network as it ended', async () => {
    const session = start({ maxEpochs: 0.5 });
    await until(session, () => session.isOver);
    session.study.watch({ tab: 'memory', stream: 0, reading: null });
    await until(session, () => results(session).spectrum !== undefined);
    assert.equal(results(session).memory?.iteration, session.history.iterations);
    const scored = await session.study.score('The ', 'mill');
    assert.ok(scored.lossNats.every((loss) => loss > 0));
  });

  test('takes note of how far errors reach while only the overview is in sight', async () => {
    const session = start();
    session.study.watch({ tab: 'overview', stream: 0, reading: null });
    await until(session, () => session.history.of('memoryPoint').length > 0);
    const [point] = session.history.of('memoryPoint');
    const { spectralRadius, sigmaMax } = point;
    assert.ok(spectralRadius !== null && sigmaMax !== null && spectralRadius > 0 && sigmaMax >= spectralRadius);
  });

  test('of a run of an earlier window says that its network is not here', async () => {
    const session = start({ maxEpochs: 0.5 });
    await until(session, () => session.isOver && results(session).baselines?.progress === 1);
    const { uri, description, history } = session;
    const { baselines } = results(session);
    assert.ok(baselines);
    const status = { ...session.status, restored: true } as const;
    const restored = Session.restore({ uri, createdMs: 0, description, status, history, baselines }, workerPath());
    sessions.push(restored);
    assert.match(results(restored).problem ?? '', /not here/);
    assert.deepEqual(results(restored).baselines, baselines);
    await assert.rejects(restored.study.ask('stepDetail', { iteration: 1, stream: 0, t: 0 }), /not here/);
  });
});

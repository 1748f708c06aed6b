import { sampleText } from '../../../src/text/sampleText.ts';
import { projectRoot } from '../../workbench/paths.ts';
import { runNpm } from '../../workbench/processes.ts';
import { SAMPLE, train } from '../../workbench/sampleRun.ts';
import { Session } from '../../workbench/session.ts';
import { using, type Section } from '../context.ts';
import { percentile, spread, type Spread } from '../statistics.ts';
import { count, countSpread } from '../table.ts';
import { liveBytes, pauseMs, watchPanel, type Watched } from '../watchPanel.ts';

/** How long each run is watched. */
const SECONDS = { full: { fastest: 60, long: 12 }, quick: { fastest: 15, long: 3 } };
const PAUSES = { full: 9, quick: 5 };
/** How long a run goes on before the next pause. */
const BETWEEN_PAUSES_MS = 1000;
/** The first iterations come while the panel is still being set up. */
const FIRST_ITERATION = 1000;
const START_MS = 60_000;

/** Of the time between two frames: one that is skipped makes it 33.3 ms. */
const MOST_FRAME_MS = 33;
const MOST_MEGABYTES_PER_SECOND = 2;
/** Some inspections and, at most, one level of the metrics. What arrives in that time is several times as much. */
const MOST_GROWTH_MEGABYTES = 4;
const MOST_PAUSE_MS = 500;
/** What comes of a run that the panel keeps step with; all else sends something all over again. */
const STEADY_MESSAGE = 'increment';

/** No run has more iterations a second. */
const FASTEST = {
  'rnnInspector.hiddenSize': 1,
  'rnnInspector.sequenceLength': 1,
  'rnnInspector.batchSize': 1,
  'rnnInspector.optimizer': 'sgd',
  'rnnInspector.maxEpochs': 1_000_000,
  'rnnInspector.threads': 1,
};
/** Each look at the network is as long as the sequences. */
const LONG = { 'rnnInspector.hiddenSize': 16, 'rnnInspector.sequenceLength': 200 };

interface Measured {
  readonly seconds: number;
  readonly framesPerSecond: number;
  readonly frameMs: { readonly median: number; readonly p95: number; readonly p99: number; readonly longest: number };
  readonly longTasks: { readonly count: number; readonly ms: number };
  readonly messagesPerSecond: number;
  readonly megabytesPerSecond: number;
  /** How many messages of each type came. */
  readonly messageTypes: Readonly<Record<string, number>>;
  readonly iterationsPerSecond: number;
  /** At the half, at three quarters and at the end; none where the heap was not looked at. */
  readonly heapMegabytes: readonly number[];
  readonly pauseMs: readonly number[];
}

/** Whether a person can use the panel, whatever the run sends. */
export const panel: Section = {
  name: 'panel',
  description: 'the panel in a real VS Code under fast runs: frames, messages, heap, and how soon a pause shows',
  async run(context) {
    const seconds = context.quick ? SECONDS.quick : SECONDS.full;
    const pauses = context.quick ? PAUSES.quick : PAUSES.full;
    context.log('panel: making the package');
    await runNpm(['run', '--silent', 'package'], { cwd: projectRoot });
    context.log('panel: starting VS Code');
    const session = await Session.start({
      size: { width: 1440, height: 1200 },
      motion: true,
      files: { [SAMPLE]: sampleText() },
      settings: FASTEST,
    });
    return using([session], async () => {
      context.log('panel: the fastest run');
      await train(session, SAMPLE, 'My settings');
      const fastest = await measure(session, seconds.fastest, pauses, true);
      context.log('panel: the run with long sequences');
      await session.window.changeSettings(LONG);
      await train(session, SAMPLE, 'My settings');
      await session.panel.waitForText('facts', (facts) => /T\s=\s200/.test(facts), START_MS);
      const long = await measure(session, seconds.long, pauses, false);
      const runs = [fastest, long];
      return {
        tables: [
          {
            title: `The panel beside a run on the sample text, ${seconds.fastest} s and ${seconds.long} s`,
            columns: ['', 'H=1 T=1 B=1', 'H=16 T=200 B=1'],
            rows: ROWS.map(([name, show]) => [name, ...runs.map(show)]),
          },
        ],
        notes: verdicts(fastest, runs),
        data: { fastest, long },
      };
    });
  },
};

const ROWS: readonly (readonly [name: string, show: (run: Measured) => string])[] = [
  ['iterations/s', (run) => count(run.iterationsPerSecond)],
  ['frames/s', (run) => run.framesPerSecond.toFixed(1)],
  ['frame, median, ms', ({ frameMs }) => frameMs.median.toFixed(1)],
  ['frame, 95 %, ms', ({ frameMs }) => frameMs.p95.toFixed(1)],
  ['frame, 99 %, ms', ({ frameMs }) => frameMs.p99.toFixed(1)],
  ['frame, longest, ms', ({ frameMs }) => frameMs.longest.toFixed(1)],
  ['tasks above 50 ms', ({ longTasks }) => count(longTasks.count)],
  ['these together, ms', ({ longTasks }) => count(longTasks.ms)],
  ['messages/s', (run) => run.messagesPerSecond.toFixed(1)],
  ['messages, MB/s', (run) => run.megabytesPerSecond.toFixed(2)],
  ['types of messages', (run) => Object.keys(run.messageTypes).join(', ')],
  ['heap at 1/2, 3/4 and the end, MB', (run) => run.heapMegabytes.map((megabytes) => megabytes.toFixed(1)).join(', ')],
  ['click on Pause to "Paused", ms', (run) => countSpread(pauseOf(run))],
];

/** Watches the run that the panel shows, pauses it a few times, and ends it. */
async function measure(session: Session, seconds: number, pauses: number, withHeap: boolean): Promise<Measured> {
  const { panel } = session;
  const { page } = session.window;
  const before = await panel.waitForNumber('iteration', (iteration) => iteration > FIRST_ITERATION, START_MS);
  const [watched, heapMegabytes] = await Promise.all([
    watchPanel(panel, seconds),
    withHeap ? heapOver(session, seconds) : [],
  ]);
  const iterations = (await panel.readNumber('iteration')) - before;
  if (watched.messages.length === 0) throw new Error(`Nothing came to the panel in ${seconds} s.`);
  const waits: number[] = [];
  for (let pause = 0; pause < pauses; pause++) {
    await page.waitForTimeout(BETWEEN_PAUSES_MS);
    waits.push(await pauseMs(panel));
  }
  await panel.click('button-stop');
  await panel.waitForText('state', (state) => state === 'Stopped');
  return { ...summary(watched), iterationsPerSecond: iterations / watched.seconds, heapMegabytes, pauseMs: waits };
}

function summary({ seconds, frames, longTasks, messages }: Watched) {
  const messageTypes: Record<string, number> = {};
  for (const { type } of messages) messageTypes[type] = (messageTypes[type] ?? 0) + 1;
  return {
    seconds,
    framesPerSecond: frames.length / seconds,
    frameMs: {
      median: percentile(frames, 0.5),
      p95: percentile(frames, 0.95),
      p99: percentile(frames, 0.99),
      longest: Math.max(...frames),
    },
    longTasks: { count: longTasks.length, ms: sumOf(longTasks) },
    messagesPerSecond: messages.length / seconds,
    megabytesPerSecond: sumOf(messages.map(({ bytes }) => bytes)) / 1e6 / seconds,
    messageTypes,
  };
}

/** The heap at the half, at three quarters and at the end of so many seconds. */
async function heapOver(session: Session, seconds: number): Promise<number[]> {
  const { page } = session.window;
  const devTools = await page.context().newCDPSession(page);
  const megabytes: number[] = [];
  for (const share of [1 / 2, 1 / 4, 1 / 4]) {
    await page.waitForTimeout(seconds * share * 1000);
    megabytes.push((await liveBytes(devTools)) / 1e6);
  }
  await devTools.detach();
  return megabytes;
}

/** The worse of the runs counts. */
function verdicts(fastest: Measured, runs: readonly Measured[]): string[] {
  const frame = Math.max(...runs.map(({ frameMs }) => frameMs.p95));
  const rate = Math.max(...runs.map(({ megabytesPerSecond }) => megabytesPerSecond));
  const growth = fastest.heapMegabytes[2] - fastest.heapMegabytes[0];
  const pause = Math.max(...runs.map((run) => pauseOf(run).median));
  const others = [...new Set(runs.flatMap(({ messageTypes }) => Object.keys(messageTypes)))].filter(
    (type) => type !== STEADY_MESSAGE,
  );
  return [
    `95 % of frames take up to ${frame.toFixed(1)} ms; the target, within ${MOST_FRAME_MS} ms, is ${verdict(frame <= MOST_FRAME_MS)}.`,
    `Messages take up to ${rate.toFixed(2)} MB/s; the target, under ${MOST_MEGABYTES_PER_SECOND} MB/s, is ${verdict(rate < MOST_MEGABYTES_PER_SECOND)}.`,
    `Messages are ${others.length === 0 ? 'increments alone' : `also ${others.join(', ')}`}; the target, nothing sent all over again, is ${verdict(others.length === 0)}.`,
    `The heap grows by ${growth.toFixed(1)} MB in the second half; the target, under ${MOST_GROWTH_MEGABYTES} MB, is ${verdict(growth < MOST_GROWTH_MEGABYTES)}.`,
    `A pause shows after ${pause.toFixed(0)} ms; the target, within ${MOST_PAUSE_MS} ms, is ${verdict(pause <= MOST_PAUSE_MS)}.`,
  ];
}

function verdict(isReached: boolean): string {
  return isReached ? 'reached' : 'missed';
}

function pauseOf(run: Measured): Spread {
  return spread(run.pauseMs);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

import { distinctions, fileLabel, runLabel, runLabels, settingsLabel } from '../../../src/host/run/runLabel.ts';
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nodesOf } from '../../../src/host/runsView/runNodes.ts';
import {
  hasNotLearnt,
  markdownTable,
  relativeTime,
  runDescription,
  runRows,
  runSpoken,
  sizeText,
  type Standing,
  standingOf,
} from '../../../src/host/runsView/runWords.ts';
import type { RunState } from '../../../src/protocol/run.ts';
import { DEFAULT_SETTINGS, type RunSettings } from '../../../src/protocol/settings.ts';
import { RunLibrary } from '../../../src/runs/disk/library.ts';
import type { StoredRun } from '../../../src/protocol/storedRun.ts';
import { FACTS } from '../runs/export/fixtures.ts';
import { storedRun, summaryOf } from './runsFixtures.ts';

const NOON_MS = Date.parse('2026-01-01T13:30:00.000Z');
const OWNER = { pid: 4711, host: 'tower', window: 'headless form' };

suite('a run in the view', () => {
  test('goes by its name, else by the settings that differ from the defaults', () => {
    assert.equal(settingsLabel(DEFAULT_SETTINGS), 'default settings');
    const settings = { ...DEFAULT_SETTINGS, hiddenSize: 256, sequenceLength: 64, learningRate: 0.01 };
    assert.equal(settingsLabel(settings), 'H=256 T=64 · lr 0.01');
    assert.equal(
      settingsLabel({ ...DEFAULT_SETTINGS, clipNorm: 0, reduction: 'sum', threads: 1, validationFraction: 0 }),
      'no clipping · sum loss · no validation · 1 thread',
    );
    assert.equal(settingsLabel({ ...settings, cell: 'gru', layers: 2 }), 'gru cell · 2 layers · H=256 T=64 · lr 0.01');
    assert.equal(runLabel(summaryOf(storedRun({ settings }))), 'H=256 T=64 · lr 0.01');
    assert.equal(runLabel(summaryOf(storedRun({ settings, name: 'deep' }))), 'deep');
    assert.equal(runLabel(summaryOf(undefined)), 'one');
  });

  const begun = (minute: number, change: Partial<RunSettings> = {}, name?: string) => ({
    settings: { ...DEFAULT_SETTINGS, ...change },
    createdMs: new Date(2026, 0, 1, 14, minute).getTime(),
    name,
  });
  const today = new Date(2026, 0, 1, 20).getTime();

  test('is told from the others on its file by what differs, an only one by nothing', () => {
    assert.deepEqual(distinctions([], today), []);
    assert.deepEqual(distinctions([begun(0, { learningRate: 0.01 })], today), ['']);
    assert.deepEqual(distinctions([begun(0, { cell: 'lstm' }), begun(1)], today), ['lstm', 'tanh']);
    assert.deepEqual(distinctions([begun(0, { learningRate: 0.01 }), begun(1)], today), ['lr 0.01', 'lr 0.002']);
    // Of many settings that differ, as few as it takes.
    const quick = { hiddenSize: 64, sequenceLength: 25, batchSize: 16, learningRate: 0.005 };
    assert.deepEqual(distinctions([begun(0, quick), begun(1)], today), ['H=64', 'H=128']);
  });

  test('goes by its name beside others, whatever differs', () => {
    const runs = [begun(0, { cell: 'lstm' }, 'deep'), begun(1), begun(2, { seed: 2 })];
    assert.deepEqual(distinctions(runs, today), ['deep', 'seed 1', 'seed 2']);
    assert.deepEqual(distinctions([begun(0, {}, 'deep')], today), ['deep']);
  });

  test('is told by its beginning where nothing else differs, as exactly as it takes', () => {
    assert.deepEqual(distinctions([begun(3), begun(4)], today), ['14:03', '14:04']);
    const [one, other] = [begun(3), { ...begun(3), createdMs: begun(3).createdMs + 7000 }];
    assert.deepEqual(distinctions([one, other], today), ['14:03:00', '14:03:07']);
    assert.deepEqual(distinctions([begun(3), begun(4)], today + 86_400_000), ['Jan 1, 14:03', 'Jan 1, 14:04']);
    assert.deepEqual(distinctions([begun(3, {}, 'twin'), begun(4, {}, 'twin'), begun(5)], today), [
      'twin · 14:03',
      'twin · 14:04',
      '',
    ]);
  });

  test('is told from one on a file of the same name by the folder', () => {
    assert.equal(fileLabel('/a/text.txt', ['/a/text.txt', '/a/other text.txt']), 'text.txt');
    assert.equal(fileLabel('/a/text.txt', ['/a/text.txt', '/b/text.txt']), 'a/text.txt');
    assert.equal(fileLabel('/text.txt', ['/b/text.txt']), 'text.txt');
    assert.equal(fileLabel('Untitled-1', ['Untitled-2']), 'Untitled-1');
  });

  test('has a label in the list that leaves room: an only one its network, a damaged one its id', () => {
    const settings = { ...DEFAULT_SETTINGS, hiddenSize: 64, learningRate: 0.01 };
    assert.deepEqual(runLabels([summaryOf(storedRun({ settings }))], today), ['tanh · H=64']);
    const deep = { ...settings, cell: 'lstm' as const, layers: 2 };
    assert.deepEqual(runLabels([summaryOf(storedRun({ settings: deep }))], today), ['lstm · 2 layers · H=64']);
    const labels = runLabels(
      [summaryOf(undefined), summaryOf(storedRun({ settings })), summaryOf(storedRun({ settings: deep }))],
      today,
    );
    assert.deepEqual(labels, ['one', 'tanh · 1 layer', 'lstm · 2 layers']);
  });

  test('stands as this window sees it', () => {
    const standing = (state: RunState, owned: boolean, here: boolean, isTrainPy = false): Standing =>
      standingOf(
        summaryOf(storedRun({ state, source: isTrainPy ? 'train.py' : 'inspector' }), {
          owner: owned ? OWNER : undefined,
        }),
        here,
      );
    assert.equal(standing('running', true, true), 'running');
    assert.equal(standing('running', true, false), 'elsewhere');
    assert.equal(standing('running', false, false), 'interrupted');
    assert.equal(standing('paused', false, false), 'paused');
    assert.equal(standing('paused', true, false), 'elsewhere');
    // Its folder is owned a moment later.
    assert.equal(standing('starting', false, true), 'starting');
    assert.equal(standing('finished', true, false), 'finished');
    assert.equal(standing('running', false, false, true), 'followed');
    assert.equal(standing('stopped', false, false, true), 'stopped');
    assert.equal(standingOf(summaryOf(undefined), false), 'damaged');
  });

  test('says that its network was imported, and in its table what was assumed of it', () => {
    const imported = {
      fileName: 'net.safetensors',
      assumptions: ['Ids as code points.', 'tanh.'],
      notes: ['b_h is 0.'],
    };
    const vocabulary = { tokens: 'characters' as const, codes: [97, 98, 99] };
    const rowsOf = (change: { firstLossNats?: number; assumptions?: string[] }) =>
      runRows(summaryOf(storedRun({ vocabulary, imported: { ...imported, ...change } })), 'paused');
    const summary = summaryOf(storedRun({ imported }));
    assert.equal(
      runDescription(summary, 'paused', NOON_MS),
      '– · paused · imported with 2 assumptions · 3h ago · 12 MB · default settings',
    );
    assert.match(runSpoken(summary, 'paused', NOON_MS), /imported with 2 assumptions/);
    const certain = summaryOf(storedRun({ imported: { ...imported, assumptions: [] } }));
    assert.match(runDescription(certain, 'paused', NOON_MS), / · imported · /);
    const table = rowsOf({ firstLossNats: 1.2 });
    assert.deepEqual(
      table.filter(([name]) => /Imported|Assumed|Warning/.test(name)),
      [
        ['Imported from', 'net.safetensors'],
        ['Assumed', 'Ids as code points.'],
        ['Assumed', 'tanh.'],
        ['Warning', table.find(([name]) => name === 'Warning')?.[1]],
      ],
    );
    assert.match(table.find(([name]) => name === 'Warning')?.[1] ?? '', /above ln V = 1\.099/);
    assert.ok(rowsOf({ firstLossNats: 1 }).every(([name]) => name !== 'Warning'));
  });

  test('says its state, best validation loss, date and size, for eyes and for ears', () => {
    const best = { iteration: 8000, lossNats: 1.48251 };
    const summary = summaryOf(storedRun({ best, isPinned: true }));
    assert.equal(
      runDescription(summary, 'paused', NOON_MS),
      '1.483 nats · pinned · paused · 3h ago · 12 MB · default settings',
    );
    assert.equal(
      runSpoken(summary, 'paused', NOON_MS),
      'default settings, pinned, paused, best validation loss 1.483 nats, 3 hours ago, 12 MB',
    );
    assert.equal(
      runDescription(summaryOf(storedRun()), 'finished', NOON_MS),
      '– · finished · 3h ago · 12 MB · default settings',
    );
    assert.match(runSpoken(summaryOf(storedRun()), 'finished', NOON_MS), /not validated yet/);
    assert.equal(
      runDescription(summaryOf(undefined, { changedAtMs: NOON_MS }), 'damaged', NOON_MS),
      'damaged · just now · 12 MB',
    );
  });

  test('of a fork says of what it is one and from which iteration, and its best since then', () => {
    const forkedFrom = { runId: 'parent', iteration: 8000, label: 'deep', ownFrom: 8000 };
    const run = storedRun({ forkedFrom, best: { iteration: 7000, lossNats: 1.2 } });
    const origin = summaryOf(storedRun({ runId: 'parent', name: 'deeper' }));
    const text = '– · fork of “deeper” from iteration 8\u202f000 · finished · 3h ago · 12 MB · default settings';
    assert.equal(runDescription(summaryOf(run), 'finished', NOON_MS, { origin }), text);
    assert.equal(runDescription(summaryOf(run), 'finished', NOON_MS), text.replace('deeper', 'deep'));
    assert.match(
      runSpoken(summaryOf(run), 'finished', NOON_MS, { origin }),
      /^default settings, fork of “deeper” from iteration 8\u202f000, finished, not validated yet,/,
    );
    const rows = new Map(runRows(summaryOf(run), 'finished'));
    assert.equal(rows.get('Best validation loss since the fork'), '–');
    assert.equal(rows.get('Forked from'), 'deep, parent at iteration 8\u202f000');
  });

  test('writes times and sizes in the unit that fits', () => {
    const ago = (seconds: number): string => relativeTime(0, seconds * 1000, 'long');
    assert.deepEqual([0, 59, 60, 3599, 3600, 86_399, 86_400, 7 * 86_400, 31 * 86_400, 366 * 86_400].map(ago), [
      ...['just now', 'just now', '1 minute ago', '59 minutes ago', '1 hour ago', '23 hours ago', '1 day ago'],
      ...['1 week ago', '1 month ago', '1 year ago'],
    ]);
    // The clock of another machine may be ahead.
    assert.equal(relativeTime(60_000, 0, 'narrow'), 'just now');
    assert.deepEqual([0, 1, 999, 1000, 2048, 640 * 1024, 1_048_575, 1.4 * 2 ** 30, 3 * 2 ** 40].map(sizeText), [
      '0 bytes',
      '1 byte',
      '999 bytes',
      '1.0 kB',
      '2.0 kB',
      '640 kB',
      '1.0 MB',
      '1.4 GB',
      '3.0 TB',
    ]);
  });

  test('that learnt nothing says so, whatever it ended with', () => {
    const facts = { ...FACTS, vocabulary: Array.from({ length: 50 }, (_, id) => String(id)) };
    const ended = (lossNats: number): StoredRun => storedRun({ facts, best: { iteration: 90, lossNats } });
    assert.ok(hasNotLearnt(ended(12_790)) && !hasNotLearnt(ended(3.9)) && !hasNotLearnt(storedRun()));
    const wild = summaryOf(ended(12_790));
    assert.equal(new Map(runRows(wild, 'finished')).get('Learnt'), 'nothing: no better than guessing, ln V = 3.912');
    assert.match(runSpoken(wild, 'finished', NOON_MS), /no better than guessing/);
    assert.equal(new Map(runRows(summaryOf(ended(3.9)), 'finished')).get('Learnt'), undefined);
  });

  test('tells everything in its tooltip, where nothing of it is taken for markup', () => {
    const name = 'a|b `c` [d](command:e) <img src=x> **f**\n| g';
    const summary = summaryOf(
      storedRun({ name, failure: 'it broke | here', settings: { ...DEFAULT_SETTINGS, seed: 7 } }),
    );
    const rows = new Map(runRows({ ...summary, owner: OWNER }, 'elsewhere'));
    assert.equal(rows.get('Trained by'), 'headless form on tower (process 4711)');
    assert.equal(rows.get('Time of training'), '1 h 2 min 5 s');
    assert.equal(rows.get('Iterations'), '12\u202f400');
    assert.equal(rows.get('State'), 'finished elsewhere');
    assert.equal(rows.get('seed'), '7 (default 1)');
    assert.equal(rows.get('hiddenSize'), '128');
    assert.equal(rows.get('Folder'), '/runs/one');
    const table = markdownTable(name, [...rows]);
    assert.doesNotMatch(table, /(?<!\\)[`<[]/);
    const lines = table.split('\n');
    assert.equal(lines.length, rows.size + 4);
    for (const line of lines.slice(2)) assert.equal(line.match(/(?<!\\)\|/g)?.length, 3, line);
  });
});

suite('the tree of runs', () => {
  test('has the newest run of each file first, the file of the newest run first, and damaged ones last', () => {
    const begun = (runId: string, day: number, fileName: string | undefined, uri = `file:///t/${fileName ?? ''}`) =>
      summaryOf(
        storedRun({
          runId,
          createdAt: `2026-01-0${day}T00:00:00.000Z`,
          text: fileName === undefined ? undefined : { uri, fileName, bytes: 1, sha256: '0'.repeat(64), isKept: false },
        }),
      );
    const library = new RunLibrary('/runs', { trashRecords: '/records' });
    const other = new RunLibrary('/other', { trashRecords: '/records' });
    const files = nodesOf([
      {
        library,
        summaries: [
          begun('a', 1, 'old.txt'),
          begun('b', 3, 'new.txt'),
          summaryOf(undefined, { changedAtMs: NOON_MS * 2 }),
        ],
      },
      {
        library: other,
        summaries: [begun('c', 5, 'new.txt'), begun('d', 2, undefined), begun('e', 4, 'old.txt', 'untitled:old.txt')],
      },
    ]);
    assert.deepEqual(
      files.map(({ label, place, runs }) => [label, place, runs.map(({ summary }) => summary.runId).join()]),
      [
        ['new.txt', '/t', 'c,b'],
        ['old.txt', '', 'e'],
        ['No text', '', 'd'],
        ['old.txt', '/t', 'a'],
        ['Damaged', '', 'one'],
      ],
    );
    assert.equal(files[0].runs[0].library, other);
    assert.equal(files[0].runs[1].file, files[0]);
  });

  test('knows of a fork the run that it comes from, in whatever file and place that is', () => {
    const [library, other] = ['/runs', '/other'].map((root) => new RunLibrary(root, { trashRecords: '/records' }));
    const forkedFrom = { runId: 'parent', iteration: 8000 };
    const fork = summaryOf(storedRun({ runId: 'fork', forkedFrom }));
    const orphan = summaryOf(storedRun({ runId: 'orphan', forkedFrom: { ...forkedFrom, runId: 'gone' } }));
    const parent = summaryOf(storedRun({ runId: 'parent', text: undefined }));
    const runs = nodesOf([
      { library, summaries: [fork, orphan] },
      { library: other, summaries: [parent] },
    ]).flatMap((file) => file.runs);
    const origins = new Map(runs.map(({ summary, origin }) => [summary.runId, origin?.runId]));
    assert.deepEqual(
      ['fork', 'orphan', 'parent'].map((runId) => origins.get(runId)),
      ['parent', undefined, undefined],
    );
    assert.equal(origins.size, 3);
  });

  test('lists two runs of one id, each with its place, and of other runs no place', () => {
    const [own, copied] = ['/storage/runs', '/ws/.rnn-runs'].map((root) => ({
      library: new RunLibrary(root, { trashRecords: '/records' }),
      summaries: [summaryOf(storedRun({ name: root }), { folder: `${root}/one` })],
    }));
    own.summaries.push(summaryOf(storedRun({ runId: 'two' }), { folder: '/storage/runs/two' }));
    const runs = nodesOf([own, copied]).flatMap((file) => file.runs);
    assert.deepEqual(
      runs.map(({ summary, place }) => [summary.folder, summary.problem, place]),
      [
        ['/storage/runs/one', undefined, 'in the storage of the extension'],
        ['/storage/runs/two', undefined, undefined],
        ['/ws/.rnn-runs/one', undefined, 'in ws/.rnn-runs'],
      ],
    );
    const { summary, place } = runs[2];
    assert.match(
      runDescription(summary, 'finished', 0, { ...(place !== undefined && { place }) }),
      /^in ws\/\.rnn-runs · /,
    );
    assert.match(runSpoken(summary, 'finished', 0, { ...(place !== undefined && { place }) }), /, in ws\/\.rnn-runs, /);
  });
});

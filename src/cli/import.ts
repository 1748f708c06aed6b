import { tmpdir } from 'node:os';
import { basename, resolve } from 'node:path';
import { visible } from '../common/foreignText.ts';
import { importWarning, isLikelyRelu, withFirstLoss } from '../protocol/imported.ts';
import { DEFAULT_METRICS_BYTES } from '../protocol/runsSettings.ts';
import { unusualNetwork } from '../protocol/settings.ts';
import type { WorkerEvent } from '../protocol/worker.ts';
import { type ImportedStart, importedStart, symbolsUnknown } from '../runs/import/start.ts';
import { readVocabularyFile } from '../runs/import/vocabularyFile.ts';
import { importNetworkFile, type ImportedNetwork } from '../runs/import/stateDict.ts';
import { Trainer } from '../training/trainer.ts';
import { CommandError, EXIT } from './errors.ts';
import { checkReadable } from './files.ts';
import type { TrainEnvironment } from './headlessRun.ts';
import type { ImportCommand } from './importArguments.ts';
import { onInterruption } from './interruption.ts';
import { KeptFolder, type FolderPlan, type StartedEvent } from './keptFolder.ts';
import { newFolder, runIdOf, type NewRun } from './newFolder.ts';
import { DEFAULT_KEEP_TEXT_MB, type KeepOptions } from './runArguments.ts';
import { storedPlace } from './train.ts';

/** Replies come in the order of the requests. */
const REQUEST = 1;
const TOO_LARGE =
  'The network has numbers that float32 cannot hold. Import it with --set kernels=reference, into another folder.';

/**
 * Makes a run of a network that was trained elsewhere, with a checkpoint from which it goes on; returns the exit code.
 * @throws {CommandError | InputError} where the network cannot be used, nothing says what its symbols are, the text is not one for it, or
 * the run cannot be kept.
 */
export async function importNetworkRun(command: ImportCommand, environment: TrainEnvironment): Promise<number> {
  const { file, text, folder, encoding } = command;
  const say = (line: string): void => environment.screen.write(`${visible(line)}\n`);
  await checkReadable(text);
  const start = importedStart(await importedNetworkOf(command), basename(file), command.settings);
  const { settings, imported } = start;
  const keep: KeepOptions = {
    folder,
    checkpointSeconds: 0,
    keepTextBytes: DEFAULT_KEEP_TEXT_MB * 2 ** 20,
    metricsBytes: DEFAULT_METRICS_BYTES,
  };
  const path = resolve(text);
  const said = encoding === undefined ? {} : { encoding };
  const place = { file: text, text: { ...storedPlace(path), ...said }, source: { path } };
  const run: NewRun = { ...place, settings, maxIterations: undefined, imported };
  const started = await untilInterrupted(environment, async (interrupted) => {
    const { plan, losable } = await newFolder(run, keep, environment.version);
    return new Import(command, start, plan, environment.workerPath, say).done(losable, interrupted);
  });
  if (started === undefined) return EXIT.interrupted;
  const V = started.facts.vocabulary.length;
  const known = withFirstLoss(imported, started);
  for (const note of known.notes) say(note);
  for (const assumption of known.assumptions) say(`assumed: ${assumption}`);
  const warning = importWarning(known, V);
  const wayOut = isLikelyRelu(known)
    ? 'Import it again with --nonlinearity relu'
    : 'Import it again with another --vocabulary or --order';
  if (warning !== undefined) say(`warning: ${warning} ${wayOut}.`);
  const unusual = unusualNetwork(settings)
    .map((said) => `${said}, `)
    .join('');
  const loss = known.firstLossNats === undefined ? 'not finite' : `${known.firstLossNats.toFixed(4)} nats`;
  environment.print(
    `${visible(folder)}: ${unusual}V=${V}, H=${settings.hiddenSize}, first loss ${loss} (guessing: ${Math.log(V).toFixed(4)}). Go on with it: resume ${visible(folder)}\n`,
  );
  return EXIT.success;
}

async function importedNetworkOf(command: ImportCommand): Promise<ImportedNetwork> {
  const { file, vocabulary, order, nonlinearity, cell, layers } = command;
  const network = await importNetworkFile(file, {
    ...(vocabulary !== undefined && { vocabulary: await readVocabularyFile(vocabulary) }),
    ...(order !== undefined && { order }),
    ...(nonlinearity !== undefined && { nonlinearity }),
    ...(cell !== undefined && { cell }),
    ...(layers !== undefined && { layers }),
  });
  if (network.vocabulary !== undefined || network.order !== undefined) return network;
  throw new CommandError(
    `${symbolsUnknown(network, basename(file))} Say it with --vocabulary FILE.json; or, if they are the characters of the text, with ` +
      '--order codepoints (sorted, as by Python) or --order appearance (as they first appear).',
  );
}

/** Does work that can be ended by Ctrl-C, from before anything of it is on the disk. */
async function untilInterrupted<R>(
  { exit, nowMs }: Pick<TrainEnvironment, 'exit' | 'nowMs'>,
  work: (interrupted: Promise<undefined>) => Promise<R>,
): Promise<R> {
  let interrupt: () => void = () => undefined;
  const interrupted = new Promise<undefined>((resolve) => (interrupt = () => resolve(undefined)));
  const release = onInterruption(
    () => interrupt(),
    () => exit(EXIT.interrupted),
    nowMs,
  );
  try {
    return await work(interrupted);
  } finally {
    release();
  }
}

/** The training thread, as long as it takes to read the text and to give the network its first checkpoint. */
class Import {
  readonly #kept: KeptFolder;
  readonly #trainer: Trainer;
  readonly #runId: string;
  readonly #isDone: Promise<StartedEvent | undefined>;
  #started: StartedEvent | undefined;
  #resolve!: (started: StartedEvent | undefined) => void;
  #reject!: (error: unknown) => void;

  constructor(
    { text, encoding, folder }: ImportCommand,
    { settings, from }: ImportedStart,
    plan: FolderPlan,
    workerPath: string,
    say: (line: string) => void,
  ) {
    this.#runId = runIdOf(folder);
    this.#isDone = new Promise((succeed, fail) => {
      this.#resolve = succeed;
      this.#reject = fail;
    });
    this.#kept = new KeptFolder(plan, {
      warn: (message) => say(`warning: ${message}`),
      checkpoint: () => undefined,
      failed: this.#reject,
    });
    this.#trainer = new Trainer(workerPath, {
      event: (event) => this.#receive(event),
      failed: (reason) => this.#reject(new CommandError(reason)),
    });
    this.#trainer.post({
      type: 'start',
      runId: this.#runId,
      settings,
      name: text,
      file: { path: resolve(text), ...(encoding !== undefined && { encoding }) },
      cacheFolder: tmpdir(),
      from,
    });
  }

  /**
   * Resolves when the run is on the disk; undefined where the person interrupted it.
   * @param losable tells that its folder is lost.
   */
  async done(losable: { onLost: () => void }, interrupted: Promise<undefined>): Promise<StartedEvent | undefined> {
    losable.onLost = () => this.#reject(new CommandError('Another program took over the folder of the run.'));
    try {
      const started = await Promise.race([this.#isDone, interrupted]);
      this.#trainer.dispose();
      const missing = await this.#kept.close();
      if (missing !== undefined) throw new CommandError(missing);
      return started;
    } catch (error) {
      this.#trainer.dispose();
      await this.#kept.close();
      throw error;
    }
  }

  #receive(event: WorkerEvent): void {
    this.#kept.receive(event);
    if (event.type === 'started') this.#started = event;
    else if (event.type === 'refused') this.#reject(new CommandError(event.message));
    else if (event.type === 'checkpoint') this.#resolve(this.#started);
    else if (event.type === 'captured') this.#reject(new CommandError(TOO_LARGE));
    else if (event.type === 'state') {
      this.#trainer.post({ type: 'checkpoint', runId: this.#runId, requestId: REQUEST });
      // No checkpoint comes of a network whose numbers are not finite, but this does.
      this.#trainer.post({ type: 'capture', runId: this.#runId, requestId: REQUEST });
    }
  }
}

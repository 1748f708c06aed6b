import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { networkOfCase, type SettingValues } from './cases.ts';
import { JsonChild, startChild } from './children.ts';
import type { Contestant, Piece } from './contestant.ts';
import type { BenchText } from './text.ts';

export type Framework = 'numpy' | 'torch';

/** How many threads the matrix library may use, and how many PyTorch's own operations. */
export interface PeerThreads {
  readonly blas: number;
  readonly operations: number;
}

/** Which peer: a library, one of the ways to write the network with it, and its threads. */
export interface PeerChoice {
  readonly framework: Framework;
  readonly variant: string;
  readonly threads: PeerThreads;
}

/** The ways to write a network, each with the cells that it can train. */
type Variants = Readonly<Record<string, readonly string[]>>;

interface Description {
  readonly versions: Readonly<Record<string, string>>;
  /** With the cells that each can train. */
  readonly variants: Variants;
}

const SCRIPT = join(import.meta.dirname, 'peers', 'peers.py');
const TITLES: Readonly<Record<Framework, string>> = { numpy: 'NumPy', torch: 'PyTorch' };
/** Debian's Python comes second: another one may be in front of it, without what Debian has packaged for its own. */
const PYTHONS = ['python3', '/usr/bin/python3'];
const SEED = 1;

/** Every thread setting that is tried, by library. Two threads are what the machine of the stated goals has. */
export function threadChoices(framework: Framework): PeerThreads[] {
  const counts = availableParallelism() > 1 ? [1, 2] : [1];
  if (framework === 'numpy') return counts.map((blas) => ({ blas, operations: 1 }));
  return counts.flatMap((blas) => counts.map((operations) => ({ blas, operations })));
}

/** The peers' processes, each started when it is first needed and kept: what it trains can be changed. */
export class PeerPool {
  readonly #python: string | undefined;
  readonly #children = new Map<string, JsonChild>();
  /** What there is of each library. */
  readonly variants: ReadonlyMap<Framework, Variants>;
  readonly versions: Readonly<Record<string, string>>;
  /** What is not there, and why. */
  readonly missing: readonly string[];

  private constructor(
    python: string | undefined,
    variants: ReadonlyMap<Framework, Variants>,
    versions: Readonly<Record<string, string>>,
    missing: readonly string[],
  ) {
    this.#python = python;
    this.variants = variants;
    this.versions = versions;
    this.missing = missing;
  }

  /** Looks for a Python with both libraries, else for one with either. */
  static async find(python: string | undefined): Promise<PeerPool> {
    const pools: PeerPool[] = [];
    for (const candidate of python === undefined ? PYTHONS : [python]) {
      const pool = await PeerPool.#probe(candidate);
      if (pool.missing.length === 0) return pool;
      pools.push(pool);
    }
    return pools.reduce((best, pool) => (pool.variants.size > best.variants.size ? pool : best));
  }

  static async #probe(python: string): Promise<PeerPool> {
    const variants = new Map<Framework, Variants>();
    const missing: string[] = [];
    let versions: Readonly<Record<string, string>> = {};
    for (const framework of ['numpy', 'torch'] as const) {
      const child = startPeer(python, framework, { blas: 1, operations: 1 });
      try {
        const described = await child.ask<Description>({ command: 'describe' });
        variants.set(framework, described.variants);
        versions = { ...versions, ...described.versions };
      } catch (error) {
        missing.push(`${TITLES[framework]} is missing: ${(error as Error).message}`);
      } finally {
        await child.close();
      }
    }
    return new PeerPool(python, variants, versions, missing);
  }

  /** Everything that can be tried of some libraries with the cell that the settings choose. */
  choices(frameworks: readonly Framework[], settings: SettingValues): PeerChoice[] {
    const { cell } = networkOfCase(settings);
    return frameworks.flatMap((framework) => {
      const variants = Object.entries(this.variants.get(framework) ?? {}).filter(([, cells]) => cells.includes(cell));
      return threadChoices(framework).flatMap((threads) =>
        variants.map(([variant]) => ({ framework, variant, threads })),
      );
    });
  }

  /** A peer that begins a run; what its process trained before is forgotten. */
  async prepare(choice: PeerChoice, settings: SettingValues, text: BenchText, parameters?: object): Promise<Peer> {
    const { framework, variant, threads } = choice;
    const { cell, layers } = networkOfCase(settings);
    // Two ways to write the network with NumPy are measured against each other; with PyTorch the better one takes part.
    const way = framework === 'numpy' ? variant : '';
    const key = `${framework} ${threads.blas} ${threads.operations} ${way}`;
    const child = this.#children.get(key) ?? startPeer(this.#python ?? PYTHONS[0], framework, threads);
    this.#children.set(key, child);
    await child.ask({
      command: 'prepare',
      variant,
      text: text.path,
      cell,
      layers,
      H: settings.hiddenSize,
      T: settings.sequenceLength,
      B: settings.batchSize,
      optimizer: settings.optimizer,
      learningRate: settings.learningRate,
      clipNorm: settings.clipNorm,
      validationFraction: settings.validationFraction,
      seed: SEED,
      ...(parameters && { parameters }),
    });
    return new Peer(describeChoice(choice), child);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children.values()].map((child) => child.close()));
    this.#children.clear();
  }
}

/** One run of a peer. */
export class Peer implements Contestant {
  readonly name: string;
  readonly #child: JsonChild;

  constructor(name: string, child: JsonChild) {
    this.name = name;
    this.#child = child;
  }

  run(seconds: number): Promise<Piece & { readonly lossNats: number }> {
    return this.#child.ask({ command: 'run', seconds });
  }

  /** The loss, nats a character, and the global gradient norm before clipping of the next iterations. */
  iterate(count: number): Promise<{ readonly lossNats: number[]; readonly gradNorm: number[] }> {
    return this.#child.ask({ command: 'iterate', count });
  }

  /** The loss on the part of the text that is held back, nats a character. */
  validate(): Promise<{ readonly lossNats: number }> {
    return this.#child.ask({ command: 'validate' });
  }

  /** The process stays with its pool. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

export function describeChoice({ framework, variant, threads }: PeerChoice): string {
  const counts =
    framework === 'numpy'
      ? `${threads.blas} thread${threads.blas === 1 ? '' : 's'}`
      : `threads ${threads.operations} OpenMP, ${threads.blas} BLAS`;
  return `${TITLES[framework]}, ${variant}, ${counts}`;
}

function startPeer(python: string, framework: Framework, { blas, operations }: PeerThreads): JsonChild {
  const env = {
    ...process.env,
    OMP_NUM_THREADS: String(operations),
    OPENBLAS_NUM_THREADS: String(blas),
    // Nothing is to be left beside the sources.
    PYTHONDONTWRITEBYTECODE: '1',
  };
  return new JsonChild(`${TITLES[framework]} under ${python}`, startChild(python, [SCRIPT, framework], { env }));
}

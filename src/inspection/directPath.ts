import { directPathsOf, type DirectPath } from '../network/directPath.ts';
import { factorOf } from '../model/stepValues.ts';
import { stepAt } from '../model/stepOfPass.ts';
import type { ReferencePass } from '../model/tensors.ts';
import type { ErrorRows } from './influence.ts';

/** What goes back to a state by its direct path alone, of one stream that is its whole pass. */
export interface DirectReach {
  /** (T, T): ‖∏ kept(r) ⊙ ∂L(t)/∂c(t)‖₂ over r = s+1 … t, as the influence matrix. */
  readonly direct: Float64Array<ArrayBuffer>;
  /** (T, T): the norm of what is left of the whole error: what came through gates, candidates, other states and layers. */
  readonly others: Float64Array<ArrayBuffer>;
  /** (T): what is kept at each time step, the mean over units of its size. */
  readonly keptByStep: Float64Array<ArrayBuffer>;
  /** (H): the same of each unit, its geometric mean over time; 0 where nothing was kept once. */
  readonly keptByUnit: Float64Array<ArrayBuffer>;
  /** (H): the share of each unit in the squares of all errors at their own step: a unit may keep all and get none. */
  readonly enteredByUnit: Float64Array<ArrayBuffer>;
}

/** Errors smaller than this are 0 from there on, as in `influence.ts`. */
const VANISHED = 1e-150;

/** Follows the direct path of every state that has one, beside the errors that go back by all ways. */
export class DirectPaths {
  readonly #shape: ReferencePass['shape'];
  readonly #followed: readonly Followed[];

  /** @param pass of a single stream. */
  constructor(pass: ReferencePass) {
    this.#shape = pass.shape;
    this.#followed = directPathsOf(pass.network).map((path) => followedOf(pass, path));
  }

  /** Takes the errors as they go by: of all t at s, from s = T−1 to 0. */
  readonly watch = ({ s, start, end, errors }: ErrorRows): void => {
    const { T, H } = this.#shape;
    for (const { path, kept, rows, entered, reach } of this.#followed) {
      const whole = errors[path.state];
      for (let t = start; t < end; t++) {
        const from = (t - start) * H;
        const at = t * H;
        if (t === s) {
          rows.set(whole.subarray(from, from + H), at);
          for (let i = 0; i < H; i++) entered[i] += rows[at + i] * rows[at + i];
        } else multiply(rows, at, kept, (s + 1) * H, H);
        let squares = 0;
        let squaresOfOthers = 0;
        for (let i = 0; i < H; i++) {
          const value = rows[at + i];
          const other = whole[from + i] - value;
          squares += value * value;
          squaresOfOthers += other * other;
        }
        reach.direct[t * T + s] = Math.sqrt(squares);
        reach.others[t * T + s] = Math.sqrt(squaresOfOthers);
        if (reach.direct[t * T + s] < VANISHED) rows.fill(0, at, at + H);
      }
    }
  };

  /** Of each state that has a direct path, by its name. */
  get reaches(): Readonly<Record<string, DirectReach>> {
    return Object.fromEntries(
      this.#followed.map(({ path, reach, entered }) => [path.state, { ...reach, enteredByUnit: sharesOf(entered) }]),
    );
  }
}

interface Followed {
  readonly path: DirectPath;
  /** (T, H) */
  readonly kept: Float64Array;
  /** (T, H): row t is what is left of its error on the direct path. */
  readonly rows: Float64Array;
  /** (H): the squares of the errors at their own step, over all steps. */
  readonly entered: Float64Array;
  readonly reach: Omit<DirectReach, 'enteredByUnit'>;
}

function followedOf(pass: ReferencePass, path: DirectPath): Followed {
  const { H, T } = pass.shape;
  const kept = keptOf(pass, path);
  const keptByStep = new Float64Array(T);
  const logs = new Float64Array(H);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < H; i++) {
      const size = Math.abs(kept[t * H + i]);
      keptByStep[t] += size / H;
      logs[i] += Math.log(size) / T;
    }
  }
  return {
    path,
    kept,
    rows: new Float64Array(T * H),
    entered: new Float64Array(H),
    reach: {
      direct: new Float64Array(T * T),
      others: new Float64Array(T * T),
      keptByStep,
      keptByUnit: logs.map(Math.exp),
    },
  };
}

/** (T, H): what the previous value is multiplied by at each step. */
function keptOf(pass: ReferencePass, { kept }: DirectPath): Float64Array {
  const { H, T } = pass.shape;
  const values = new Float64Array(T * H);
  for (let t = 0; t < T; t++) {
    const step = stepAt(pass, t);
    for (const factors of kept) {
      const read = factors.map((ref) => factorOf(step, ref));
      for (let i = 0; i < H; i++) values[t * H + i] += read.reduce((product, of) => product * of(i), 1);
    }
  }
  return values;
}

/** All 0 where there is nothing to share. */
function sharesOf(squares: Float64Array): Float64Array<ArrayBuffer> {
  const whole = squares.reduce((sum, value) => sum + value, 0);
  return Float64Array.from(squares, (value) => (whole === 0 ? 0 : value / whole));
}

function multiply(rows: Float64Array, at: number, by: Float64Array, from: number, H: number): void {
  for (let i = 0; i < H; i++) rows[at + i] *= by[from + i];
}

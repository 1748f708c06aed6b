/**
 * Long work as a row of units: after each it gives how many multiplications that took, about. It knows no clock: whoever drives it
 * decides after how many units it turns to something more urgent, or drops the rest.
 */
export type Work<R> = Generator<number, R>;

/** Does all units, one after the other, of this or any other work in pieces. */
export function finish<R>(work: Generator<unknown, R>): R {
  for (;;) {
    const unit = work.next();
    if (unit.done === true) return unit.value;
  }
}

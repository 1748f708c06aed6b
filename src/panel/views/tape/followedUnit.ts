import type { PanelState } from '../../state/panelState.ts';
import { unitName, unitPlace, type UnitPlace } from '../../state/unitPlace.ts';

/** The hidden unit that is pointed at or followed: it is marked wherever it has a number. */

/** What is told to whoever has the table of the cell, to show a column of it. Its detail is a `UnitColumnName`. */
export const SHOW_COLUMN = 'show-unit-column';

type Chosen = Pick<PanelState, 'choices' | 'hover'>;

/** The unit that a person chose to follow. */
export function followedUnit({ choices }: Pick<Chosen, 'choices'>): UnitPlace | undefined {
  return unitPlace(choices?.unit);
}

/** The unit that is pointed at, or else the one that is followed. */
export function markedUnit(state: Chosen): UnitPlace | undefined {
  return unitPlace(state.hover.unit) ?? followedUnit(state);
}

/** Follows a unit, in the table of its layer too; the one that is followed already no longer. */
export function toggleUnit(state: PanelState, place: UnitPlace): void {
  const name = unitName(place);
  const isFollowed = state.choices?.unit === name;
  state.chooseForRun({ unit: isFollowed ? null : name });
  if (!isFollowed && state.ui.layer !== place.layer) state.choose({ layer: place.layer });
}

/** Above it the activation |a| of a tanh counts as saturated: its slope is so small that the error stops (MATH.md, "Saturation"). */
export const SATURATED = 0.97;
/** The slope 1 − a² there: a saturated unit lets less of an error pass. */
export const SATURATED_SLOPE = 1 - SATURATED ** 2;
/** The same for people: less than so many percent of the error pass. */
export const SATURATED_PERCENT = Math.ceil(100 * SATURATED_SLOPE);

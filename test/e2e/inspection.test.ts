// In this order: Memory pauses the run early, the weight is followed one step further, Time steps goes on from there, and the table of a
// cell from where that ends.
import './inspection/memory.ts';
import './inspection/weight.ts';
import './inspection/timeSteps.ts';
import './inspection/unitTable.ts';
import './inspection/weightLive.ts';

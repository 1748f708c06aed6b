// In this order: Memory pauses the run early, the weight is followed one step further, Time steps goes on from there and ends while the run
// trains, which the weight is then looked at in, and the table of a cell pauses it again.
import './inspection/memory.ts';
import './inspection/weight.ts';
import './inspection/timeSteps.ts';
import './inspection/weightLive.ts';
import './inspection/unitTable.ts';
import './inspection/sideAStays.ts';

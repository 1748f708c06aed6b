// In this order: Memory pauses the run early, the weight is followed one step further, and Time steps goes on from there.
import './inspection/memory.ts';
import './inspection/weight.ts';
import './inspection/timeSteps.ts';
import './inspection/weightLive.ts';

// In this order: Memory pauses the run early, and Time steps goes on from there.
import './inspection/memory.ts';
import './inspection/timeSteps.ts';

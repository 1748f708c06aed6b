// In this order: Memory pauses the run early, Time steps goes on from there, and the table of a cell from where that ends.
import './inspection/memory.ts';
import './inspection/timeSteps.ts';
import './inspection/unitTable.ts';

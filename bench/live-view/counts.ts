/** Where the shared counts of an audience stand. */
export const ARRIVED = 0;
export const TARGET = 1;

import { NO_LABEL, type TrackTable } from './track-table.ts';

/** How labels are voted on; see `TrackSettings` for the effect of each. */
export interface LabelVoting {
  readonly labelMemoryMs: number;
  readonly labelHysteresis: number;
}

/** Begins the vote of a new track with the label of its first detection. */
export function initiateLabel(table: TrackTable, row: number, label: number, score: number): void {
  table.label[row] = label;
  table.labelVotes[row] = score;
  table.rival[row] = NO_LABEL;
  table.rivalVotes[row] = 0;
}

/**
 * Counts a sighting: its score is a vote for its label. Votes fade with time, so that a true change is followed, and the label changes
 * only when its strongest rival is ahead by the hysteresis, so that a flickering detector does not make it flicker. Two labels are kept,
 * the present one and its rival: a third one takes the rival's place when its single vote is worth more.
 */
export function voteLabel(table: TrackTable, row: number, label: number, score: number, elapsedMs: number, voting: LabelVoting): void {
  const fade = voting.labelMemoryMs / (voting.labelMemoryMs + elapsedMs);
  table.labelVotes[row] *= fade;
  table.rivalVotes[row] *= fade;
  if (label === table.label[row]) table.labelVotes[row] += score;
  else if (label === table.rival[row]) table.rivalVotes[row] += score;
  else if (score > table.rivalVotes[row]) setRival(table, row, label, score);
  if (table.rivalVotes[row] > table.labelVotes[row] * voting.labelHysteresis) swap(table, row);
}

function setRival(table: TrackTable, row: number, label: number, votes: number): void {
  table.rival[row] = label;
  table.rivalVotes[row] = votes;
}

function swap(table: TrackTable, row: number): void {
  const label = table.label[row];
  const votes = table.labelVotes[row];
  table.label[row] = table.rival[row];
  table.labelVotes[row] = table.rivalVotes[row];
  setRival(table, row, label, votes);
}

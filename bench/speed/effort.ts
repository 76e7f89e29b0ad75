/** How much is measured: a run for publishing, or a quick look. */
export interface Effort {
  /** Rounds of three runs for each network. */
  readonly inferenceRounds: number;
  /** Requests of each picture to each server before measuring. */
  readonly warmUpRequests: number;
  /** Rounds of blocks of requests, for each picture and server. */
  readonly requestRounds: number;
  readonly requestsInABlock: number;
  /** Fresh processes of each kind. */
  readonly coldStarts: number;
  readonly loadSeconds: number;
  readonly curveRounds: number;
  /** Size of the largest collection that is searched: a million items take many minutes to add. */
  readonly mostItems: number;
}

export const FULL: Effort = {
  inferenceRounds: 40,
  warmUpRequests: 60,
  requestRounds: 12,
  requestsInABlock: 10,
  coldStarts: 10,
  loadSeconds: 60,
  curveRounds: 6,
  mostItems: 1_000_000,
};

export const QUICK: Effort = {
  inferenceRounds: 12,
  warmUpRequests: 12,
  requestRounds: 3,
  requestsInABlock: 4,
  coldStarts: 2,
  loadSeconds: 5,
  curveRounds: 2,
  mostItems: 100_000,
};

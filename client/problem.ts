/** The error that a call throws if the service refuses it. */
import type { Problem, ProblemCode } from './answers.ts';

/** A refusal, with the members of its problem details under their own names. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  /** `unexpected_answer`: the answer is not a problem of this service, but of something in between. */
  readonly code: ProblemCode | 'unexpected_answer';
  readonly status: number;
  /** What was wrong, what the limit is and what to do. */
  readonly detail: string;
  /** The id of the request in the service's log. */
  readonly request_id: string | undefined;
  /** Seconds after which to retry, if the service says so. */
  readonly retryAfter: number | undefined;
  /** The whole body of the answer. */
  readonly problem: Problem | undefined;

  constructor(
    problem: Problem | (Pick<Problem, 'status' | 'detail'> & Pick<ProblemError, 'code' | 'request_id'>),
    retryAfter?: number,
  ) {
    super(`${problem.code}: ${problem.detail}`);
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail;
    this.request_id = problem.request_id;
    this.retryAfter = retryAfter;
    this.problem = 'type' in problem ? problem : undefined;
  }
}

/** The error for an unsuccessful answer. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text();
  const retryAfter = secondsOf(response.headers.get('retry-after'));
  const problem = parsed(text);
  if (problem !== undefined) return new ProblemError(problem, retryAfter);
  const { status } = response;
  const detail = `Something between here and the service answered ${status}: ${text.slice(0, 200)}`;
  const request_id = response.headers.get('x-request-id') ?? undefined;
  return new ProblemError({ code: 'unexpected_answer', status, detail, request_id }, retryAfter);
}

function parsed(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'type' in value
  );
}

/** RFC 9110, 10.2.3: seconds or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

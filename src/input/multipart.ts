/**
 * multipart/form-data, part by part as it arrives, so that a batch of many pictures never lies in memory
 * as a whole.
 */
import {
  MaxFileSizeExceededError,
  MaxPartsExceededError,
  MultipartParseError,
  parseMultipartStream,
} from '@remix-run/multipart-parser';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { BodyError } from './body.ts';

export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface PartLimits {
  readonly maxPartBytes: number;
  readonly maxParts: number;
}

/** The boundary of a multipart/form-data content type, or undefined when it is something else. */
export function multipartBoundary(contentType: string): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s";]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/**
 * The named parts in order. The last result is the failure, if the stream or its form is at fault.
 */
export async function* parts(
  stream: ReadableStream<Uint8Array>,
  boundary: string,
  { maxPartBytes, maxParts }: PartLimits,
): AsyncGenerator<Result<Part>, void, void> {
  try {
    const options = { boundary, maxFileSize: maxPartBytes, maxParts, maxTotalSize: Number.MAX_SAFE_INTEGER };
    for await (const part of parseMultipartStream(stream, options)) {
      if (part.name !== undefined) yield ok({ name: part.name, bytes: part.bytes });
    }
  } catch (error) {
    yield fail(failureOf(error, maxPartBytes, maxParts));
  }
}

function failureOf(error: unknown, maxPartBytes: number, maxParts: number): Failure {
  if (error instanceof BodyError) return error.failure;
  if (error instanceof MaxFileSizeExceededError) return { code: 'body_too_large', limitBytes: maxPartBytes };
  if (error instanceof MaxPartsExceededError) return { code: 'batch_too_many_items', limitItems: maxParts };
  if (error instanceof MultipartParseError) return { code: 'multipart_invalid' };
  throw error;
}

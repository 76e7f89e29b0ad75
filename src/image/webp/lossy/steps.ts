/** Quantiser steps: the factors of coefficients (RFC 6386 §9.6, §14.1). */

// biome-ignore format: a table of bytes
const DC_STEPS = Uint8Array.of(
  4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 19, 20, 20, 21, 21,
  22, 22, 23, 23, 24, 25, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 37, 38, 39,
  40, 41, 42, 43, 44, 45, 46, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60,
  61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 76, 77, 78, 79, 80, 81,
  82, 83, 84, 85, 86, 87, 88, 89, 91, 93, 95, 96, 98, 100, 101, 102, 104, 106, 108, 110, 112, 114,
  116, 118, 122, 124, 126, 128, 130, 132, 134, 136, 138, 140, 143, 145, 148, 151, 154, 157,
);

// biome-ignore format: a table of numbers
const AC_STEPS = Uint16Array.of(
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
  26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
  48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 60, 62, 64, 66, 68, 70, 72, 74, 76, 78, 80,
  82, 84, 86, 88, 90, 92, 94, 96, 98, 100, 102, 104, 106, 108, 110, 112, 114, 116, 119, 122, 125, 128,
  131, 134, 137, 140, 143, 146, 149, 152, 155, 158, 161, 164, 167, 170, 173, 177, 181, 185, 189, 193, 197, 201,
  205, 209, 213, 217, 221, 225, 229, 234, 239, 245, 249, 254, 259, 264, 269, 274, 279, 284,
);

/** Of luma, of the block of luma DCs, and of chroma. */
export interface Steps {
  readonly lumaDc: number;
  readonly lumaAc: number;
  readonly meansDc: number;
  readonly meansAc: number;
  readonly chromaDc: number;
  readonly chromaAc: number;
}

/** Offsets of the other indices from luma's AC. */
export interface StepOffsets {
  readonly lumaDc: number;
  readonly meansDc: number;
  readonly meansAc: number;
  readonly chromaDc: number;
  readonly chromaAc: number;
}

const LARGEST_CHROMA_DC = 132;
const LEAST_MEANS_AC = 8;

/** @param index of luma's AC in the table; out of range, it is clamped. */
export function stepsAt(index: number, offsets: StepOffsets): Steps {
  const dc = (offset: number) => DC_STEPS[inTable(index + offset)] as number;
  const ac = (offset: number) => AC_STEPS[inTable(index + offset)] as number;
  return {
    lumaDc: dc(offsets.lumaDc),
    lumaAc: ac(0),
    meansDc: 2 * dc(offsets.meansDc),
    meansAc: Math.max(LEAST_MEANS_AC, Math.floor((ac(offsets.meansAc) * 155) / 100)),
    chromaDc: Math.min(LARGEST_CHROMA_DC, dc(offsets.chromaDc)),
    chromaAc: ac(offsets.chromaAc),
  };
}

function inTable(index: number): number {
  return Math.min(Math.max(index, 0), DC_STEPS.length - 1);
}

/** Reads a number from the command line. @throws naming the option if it is not an integer of at least `least`. */
export function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`--${option} must be a whole number from ${least}, not ${text}`);
}
